"""The web application, put together."""

from pathlib import Path

from apiflask import APIFlask
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from evote import admin, api, booth, pages, participation_host
from evote.accounts.login import init_login
from evote.api import media, record, status
from evote.api.errors import init_errors
from evote.api.strict import StrictRequest
from evote.assets import Site
from evote.current import EXTENSION
from evote.languages import LanguageAddress, chosen_language, use_catalogues
from evote.limits import limiter
from evote.security import init_security
from evote.services import Services, build_services
from evote.settings import Settings
from participation.numbers import SmallNumber

ROOT = Path(__file__).parents[1]
MOST_BYTES = 256 * 1024
"""For any request but a ballot, a partial or a tally, which have their own bounds."""


def create_app(settings: Settings, services: Services | None = None) -> APIFlask:
    """Build the application.

    Args:
        settings: From the environment, or a test's own.
        services: The parts to work with; made from the settings by default.

    Raises:
        SettingsError: A secret is missing.
    """
    services = services or build_services(settings)
    app = Site(
        "evote",
        title="evote",
        version="1",
        spec_path="/api/openapi.json",
        docs_path=None,
        json_errors=False,
        template_folder=str(ROOT / "templates"),
        static_folder=None,  # type: ignore[arg-type]  # none but our own assets
        root_path=str(ROOT),
    )
    app.use_assets(ROOT / "static")
    app.url_map.converters["int"] = SmallNumber
    app.extensions[EXTENSION] = services
    app.request_class = StrictRequest
    app.config.update(_configuration(settings))
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    app.wsgi_app = LanguageAddress(app.wsgi_app)  # type: ignore[method-assign,assignment]
    use_catalogues(app, chosen_language)
    csrf = CSRFProtect(app)
    limiter.init_app(app)
    init_login(app)
    init_security(app, secure=settings.secure)
    api.register(app, csrf)
    app.register_blueprint(record.blueprint)
    app.register_blueprint(media.blueprint)
    app.register_blueprint(status.blueprint)
    booth.register(app)
    admin.register(app)
    participation_host.register(app, services)
    init_errors(app)
    pages.register(app)  # last: its error pages stand before the API's answers
    return app


def _configuration(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key,
        "EVOTE_DEMO": settings.demo,
        "MAX_CONTENT_LENGTH": MOST_BYTES,
        "MAX_FORM_MEMORY_SIZE": MOST_BYTES,
        "SESSION_COOKIE_NAME": "__Host-evote" if settings.secure else "evote",
        "SESSION_COOKIE_SECURE": settings.secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "RATELIMIT_ENABLED": settings.rate_limits,
        "RATELIMIT_STORAGE_URI": settings.limits_storage,
        "VALIDATION_ERROR_STATUS_CODE": 422,
        "WTF_CSRF_SSL_STRICT": False,  # our pages send no referrer; the token and SameSite stand
        "WTF_CSRF_TIME_LIMIT": None,
    }
