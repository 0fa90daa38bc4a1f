"""What officials do in participation, said in plain words: each feature adds its own."""

from collections.abc import Mapping

from flask_babel import gettext

from participation.petitions.wording import deed_names as petition_deeds


def deed_names() -> Mapping[str, str]:
    """Return {word of the officials' log: what was done, in the page's language}."""
    return {**petition_deeds(), **_signatures(), **_answers(), **_consultations(), **_moderation(), **_webhooks()}


def _signatures() -> dict[str, str]:
    return {
        "signatures-accepted": gettext("Let signatures be counted that were kept back"),
        "signatures-refused": gettext("Refused signatures that were kept back"),
        "signatures-removed": gettext("Removed signatures"),
        "signatures-restored": gettext("Restored signatures"),
    }


def _answers() -> dict[str, str]:
    return {
        "authority-entered": gettext("Entered an authority"),
        "authority-changed": gettext("Changed an authority"),
        "duty-referred": gettext("Handed over an answer that is owed"),
        "calendar-changed": gettext("Changed a working-day calendar"),
        "promise-entered": gettext("Entered a promise"),
        "promise-status": gettext("Said how a promise stands"),
    }


def _consultations() -> dict[str, str]:
    return {
        "consultation-begun": gettext("Began a consultation"),
        "consultation-published": gettext("Published a consultation"),
        "consultation-stopped": gettext("Stopped a consultation"),
        "document-version": gettext("Published a new version of a document"),
        "consultation-reported": gettext("Reported on a consultation"),
    }


def _moderation() -> dict[str, str]:
    return {
        "contributions-shown": gettext("Made contributions public"),
        "contributions-hidden": gettext("Took contributions down"),
        "appeal-granted": gettext("Granted another look"),
        "appeal-refused": gettext("Looked again, and left it taken down"),
        "person-barred": gettext("Barred a person"),
        "order-entered": gettext("Entered an order from outside in the log"),
    }


def _webhooks() -> dict[str, str]:
    return {
        "webhook-registered": gettext("Registered a webhook"),
        "webhook-resumed": gettext("Let messages go to a webhook again"),
        "webhook-removed": gettext("Removed a webhook"),
    }
