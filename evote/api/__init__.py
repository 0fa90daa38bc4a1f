"""The JSON API. Routes parse, call one use case, and render."""

from apiflask import APIBlueprint, APIFlask
from flask_wtf.csrf import CSRFProtect

from evote.api import ballots, elections, log, login, results, trustees
from evote.api.outbox import outbox


def register(app: APIFlask, csrf: CSRFProtect) -> None:
    """Mount the API under /api; instead of form tokens it has `evote.api.guards`."""
    api = APIBlueprint("api", __name__, url_prefix="/api", tag="Demo")
    for module in (elections, log, results, login, ballots, trustees):
        api.register_blueprint(module.blueprint)
        csrf.exempt(module.blueprint)
    if app.config["EVOTE_DEMO"]:
        api.get("/outbox")(outbox)
    app.register_blueprint(api)
