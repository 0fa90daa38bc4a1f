"""Languages: which there are, in which address each stands, and how sentences, numbers and times are written in one.

A language is added by dropping in a folder, `evote/translations/<language>/LC_MESSAGES/messages.po`.
"""

from evote.languages.address import (
    LanguageAddress,
    Version,
    address_in,
    chosen_language,
    home,
    versions,
    without_language,
)
from evote.languages.catalogue import SOURCE, localized, said, spoken_languages, use_catalogues

__all__ = [
    "SOURCE",
    "LanguageAddress",
    "Version",
    "address_in",
    "chosen_language",
    "home",
    "localized",
    "said",
    "spoken_languages",
    "use_catalogues",
    "versions",
    "without_language",
]
