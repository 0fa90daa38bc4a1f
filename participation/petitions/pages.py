"""The list of petitions and the page of each."""

from flask import Blueprint, render_template

blueprint = Blueprint("petitions", __name__, url_prefix="/petitions")


@blueprint.get("/")
def index() -> str:
    """Show the petitions."""
    return render_template("participation/petitions/index.html", petitions=[])
