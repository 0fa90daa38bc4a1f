"""What may stand in a cell of a list of voters. A rule returns what is wrong and what to do, or nothing."""

import re
import unicodedata
from collections.abc import Callable, Mapping

from evote.locales.voter_ids import latin_digits

MAX_WEIGHT = 2**32 - 1
MOST_ID, MOST_MAIL, MOST_NAME = 100, 254, 200
MOST_LINES, MOST_LINE = 6, 60
_MAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+")
_WEIGHT = re.compile(r"[0-9]{1,10}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_FORMULA = ("=", "+", "-", "@")
"""What a spreadsheet would run as a formula when the letters are merged."""
_UNSEEN = frozenset("\u200b\u200e\u200f\u2060\u061c\ufeff\u00ad\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs without a shape, most of which turn the direction of the text around them."""
_RETYPE = "Delete the cell and type it anew."

Wrong = tuple[str, str] | None


def wrong_with(column: str, text: str) -> Wrong:
    """Say what is wrong with the text of a column other than the style, and what to do about it."""
    return _unfit(text, several_lines=column == "address") or RULES[column](text)


def _unfit(text: str, *, several_lines: bool) -> Wrong:
    """Say what no text on a list may have: formulas, and characters that nobody sees."""
    if text.isascii() and text.isprintable() and not text.startswith(_FORMULA):
        return None
    if text.startswith(_FORMULA):
        return f"{text[:40]!r} starts like a spreadsheet formula.", "Leave out the first character."
    for character in text:
        if character == "\ufffd":
            return (
                f"in {text[:60]!r} a letter was lost, now or when the list was saved: its encoding is another.",
                _RETYPE,
            )
        if unicodedata.category(character) == "Cc" and not (several_lines and character in "\r\n"):
            return f"it holds the control character U+{ord(character):04X}.", _RETYPE
        if character in _UNSEEN:
            name = unicodedata.name(character, "").lower()
            return f"it holds a character that nobody sees, U+{ord(character):04X} ({name}).", _RETYPE
    return None


def _wrong_id(text: str) -> Wrong:
    if not text:
        return "the id is missing.", "Give every voter an id of their own."
    if len(text) > MOST_ID:
        return f"the id has {len(text)} characters.", f"It may have {MOST_ID}."
    return None


def _wrong_mail(text: str) -> Wrong:
    if not text:
        return "the mail address is missing.", "The one-time code for logging in goes there."
    if len(text) > MOST_MAIL:
        return f"the mail address has {len(text)} characters.", f"It may have {MOST_MAIL}."
    if not _MAIL.fullmatch(text) or not text.rpartition("@")[0].isascii():
        return f"{text!r} is not a mail address.", "Look for spaces, missing parts, and letters that no address has."
    return None


def _wrong_weight(text: str) -> Wrong:
    weight = latin_digits(text or "1")
    if not _WEIGHT.fullmatch(weight) or not 1 <= int(weight) <= MAX_WEIGHT:
        return f"the weight {text!r} is not a whole number from 1 to {MAX_WEIGHT}.", ""
    return None


def _wrong_name(text: str) -> Wrong:
    return None if len(text) <= MOST_NAME else (f"the name has {len(text)} characters.", f"It may have {MOST_NAME}.")


def _wrong_language(text: str) -> Wrong:
    if not text or _LANGUAGE.fullmatch(text):
        return None
    return f"{text!r} is not a language's code.", "Write a code like fa or en, or leave it empty."


def _wrong_address(text: str) -> Wrong:
    lines = text.splitlines()
    if len(lines) > MOST_LINES or any(len(line) > MOST_LINE for line in lines):
        return "the address is too long.", f"An envelope's window takes {MOST_LINES} lines of {MOST_LINE} characters."
    return None


RULES: Mapping[str, Callable[[str], Wrong]] = {
    "id": _wrong_id,
    "mail": _wrong_mail,
    "weight": _wrong_weight,
    "name": _wrong_name,
    "language": _wrong_language,
    "address": _wrong_address,
}
