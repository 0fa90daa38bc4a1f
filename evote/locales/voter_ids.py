"""Voter ids in one spelling: what the registrar writes, what the server stores, and what a voter types must meet."""

import re
import unicodedata

_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_LETTERS = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک"})
_SPACES = re.compile(r"\s+")
_UNSEEN = {"\u200c", "\u200d", "\u0640"}
"""Joiners and the stroke that only stretches a word."""


def tidy_voter_id(text: str) -> str:
    """Return a voter id as it is kept: Latin digits, Persian letters for their Arabic variants, single spaces."""
    return _SPACES.sub(" ", latin_digits(unicodedata.normalize("NFC", text)).translate(_LETTERS)).strip()


def latin_digits(text: str) -> str:
    """Put Persian and Arabic digits into Latin ones."""
    return text.translate(_DIGITS)


def fold(text: str) -> str:
    """Return what two texts share that people take for the same: case, widths, marks, joiners and variants go."""
    plain = unicodedata.normalize("NFKD", tidy_voter_id(unicodedata.normalize("NFKC", text)).casefold())
    seen = (one for one in plain if one not in _UNSEEN and not unicodedata.combining(one))
    return unicodedata.normalize("NFC", "".join(seen)).replace(" ", "")
