"""The blueprint of the public pages, and what every template of the site is given."""

from flask import Blueprint, request

from evote.current import current_services
from evote.languages import versions
from evote.pages.filters import page_locale

SITE_NAME = "evote"
SITE_VERSION = "0.1.0"

pages = Blueprint("pages", __name__)


@pages.app_context_processor
def frame() -> dict[str, object]:
    """Give every template the page's language and what its header and footer say."""
    locale, settings = page_locale(), current_services().settings
    return {
        "language": str(locale).replace("_", "-"),
        "direction": "rtl" if locale.character_order == "right-to-left" else "ltr",
        "page_versions": versions(),
        "canonical_root": settings.base_url,
        "canonical_path": request.path,
        "time_zone": settings.time_zone,
        "site_name": SITE_NAME,
        "site_version": SITE_VERSION,
        "source_url": settings.source_url,
        "demo_mode": settings.demo,
        "election_id": (request.view_args or {}).get("election_id", ""),
    }
