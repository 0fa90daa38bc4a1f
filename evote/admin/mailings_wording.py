"""Mails to voters in words: what there is to choose, and the texts that an official begins with."""

from collections.abc import Sequence

from flask_babel import force_locale, gettext

from evote.locales.catalogue import spoken_languages
from evote.mail.reasons import FULL, LATE, OTHER, REJECTED, UNKNOWN
from evote.mailings.bounces import NO_ADDRESS
from evote.mailings.job import ENDED, REFUSED
from evote.mailings.kinds import FREE, LAST_DAY, OPENED, REMINDER, RESULT, SOON
from evote.mailings.models import DONE, DRAFT, EVERYBODY, NOT_VOTED, PAUSED, RUNNING, STOPPED


def kind_names() -> dict[str, str]:
    """Name what a mailing can be for."""
    return {
        SOON: gettext("Voting begins soon"),
        OPENED: gettext("Voting has begun"),
        REMINDER: gettext("Reminder"),
        LAST_DAY: gettext("Last day"),
        RESULT: gettext("Result"),
        FREE: gettext("Free text"),
    }


def audience_names() -> dict[str, str]:
    """Say whom a mailing goes to."""
    return {
        EVERYBODY: gettext("Everybody on the roll"),
        NOT_VOTED: gettext("Only people who have not voted when their turn comes"),
    }


def state_names() -> dict[str, tuple[str, str]]:
    """Return {state: (name, colour class of its badge)}."""
    return {
        DRAFT: (gettext("being written"), "plain"),
        RUNNING: (gettext("being sent"), "wait"),
        PAUSED: (gettext("paused"), "bad"),
        STOPPED: (gettext("stopped"), "plain"),
        DONE: (gettext("sent"), "good"),
    }


def reason_names() -> dict[str, str]:
    """Say why mail did not arrive."""
    return {
        UNKNOWN: gettext("There is no such address"),
        FULL: gettext("The mailbox is full"),
        REJECTED: gettext("The recipient's mail server rejected it"),
        LATE: gettext("It could not be delivered in time"),
        OTHER: gettext("Another reason"),
        NO_ADDRESS: gettext("The roll has no address"),
    }


def why_names() -> dict[str, str]:
    """Say why a mailing paused or ended by itself."""
    return {
        REFUSED: gettext(
            "The mail server refused many mails one after the other, so this mailing has paused itself. "
            "Ask the operator whether the server takes mail from here, then resume."
        ),
        ENDED: gettext("The voting ended, so the rest was not sent: it would not have been true any more."),
    }


def placeholder_names() -> dict[str, str]:
    """Explain the placeholders, in the order of `evote.mailings.texts.PLACEHOLDERS`."""
    return {
        "title": gettext("title of the election"),
        "opens": gettext("when the voting begins"),
        "closes": gettext("when the voting ends"),
        "link": gettext("address of the election's page"),
        "result_link": gettext("address of the result"),
        "voter_id": gettext("the reader's voter id"),
        "fingerprint": gettext("the election's fingerprint"),
    }


def starting_texts(kind: str, languages: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return the texts that an official begins with; empty in languages that the site does not speak."""
    texts = {language: {"subject": "", "text": ""} for language in languages}
    for language in languages:
        if language in spoken_languages() and kind != FREE:
            with force_locale(language.replace("-", "_")):
                subject, *paragraphs = _sentences(kind)
            texts[language] = {"subject": subject, "text": "\n\n".join(paragraphs)}
    return texts


def _sentences(kind: str) -> tuple[str, ...]:
    need = gettext(
        "To vote you need your voter id, {voter_id}, and the secret code that the registrar gave you besides this mail."
    )
    page = gettext("The page of the election:\n{link}")
    same = gettext("The election's fingerprint; the ballot shows the same:\n{fingerprint}")
    safe = gettext(
        "Nobody will ask you for the secret code by mail or telephone, and no link in this mail logs you in."
    )
    listed = gettext(
        "The server chose by itself who gets this mail. The officials do not see who has voted, and no list is kept. "
        "If you have voted meanwhile, you need not do anything."
    )
    if kind == SOON:
        begins = gettext("The voting in “{title}” begins on {opens} and ends on {closes}.")
        return gettext("“{title}”: the voting begins soon"), begins, need, page, same, safe
    if kind == OPENED:
        begun = gettext("The voting in “{title}” has begun. It ends on {closes}.")
        return gettext("“{title}”: you can vote now"), begun, need, page, same, safe
    if kind == REMINDER:
        still = gettext("In “{title}” no ballot of yours has arrived yet. You can vote until {closes}.")
        return gettext("“{title}”: you can still vote"), still, need, page, listed, safe
    if kind == LAST_DAY:
        last = gettext("The voting in “{title}” ends on {closes}. Nobody can vote after that.")
        return gettext("“{title}”: last chance to vote"), last, need, page, listed, safe
    counted = gettext("The votes in “{title}” are counted. The result:\n{result_link}")
    check = gettext("With your receipt you can check that your ballot was counted; anybody can check the whole count.")
    return gettext("“{title}”: the result"), counted, check
