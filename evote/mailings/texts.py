"""The texts of a mailing: a closed list of placeholders, checked when they are written and filled in for each voter.

A mail holds every language that was written, one after the other, the election's main one first: the server's list of
voters says nothing of languages, and a household may share an address. Pure functions.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale

from ballots import codec
from evote.errors import Malformed
from evote.locales.catalogue import is_rtl, read_catalogue, spoken_languages
from evote.locales.writing import write_time, zone_name

PLACEHOLDERS = ("title", "opens", "closes", "link", "result_link", "voter_id", "fingerprint")
MOST_SUBJECT, MOST_TEXT = 150, 8_000
_FILLED_SUBJECT = 180
_MOST_TITLE = 300
_BRACED = re.compile(r"\{([^{}]*)\}")
_LINKLIKE = re.compile(r"[/\\?&=#%@]|\w\.\w|\.\{|\}\.\w|\{link\}|\{result_link\}")
"""Signs that programs which show mail make a link of; a voter id in one would give away who had got a reminder."""
_ISOLATE, _END = "\u2068", "\u2069"
_RULE = "\n\n\u2013\u2013\u2013\n\n"

Texts = Mapping[str, Mapping[str, str]]
"""{language: {"subject", "text"}}"""


@dataclass(frozen=True)
class Facts:
    """What fills the placeholders of an election.

    Attributes:
        title: {language: text}.
        address: Of the site, without a slash at the end.
        fingerprint: The election's short fingerprint; empty before the freeze.
        zone: In which times are written.
    """

    election_id: str
    title: Mapping[str, str]
    opens_at: datetime
    closes_at: datetime
    address: str
    fingerprint: str
    zone: ZoneInfo


@dataclass(frozen=True)
class Part:
    """A mail in one language, filled in."""

    language: str
    subject: str
    text: str

    @property
    def direction(self) -> str:
        """Return rtl or ltr."""
        return "rtl" if is_rtl(self.language) else "ltr"


@dataclass(frozen=True)
class TextProblem:
    """What is wrong with a text; `field` is subject or text."""

    language: str
    field: str
    error: Malformed


def parse_texts(data: bytes) -> Texts:
    """Read stored texts."""
    texts: Texts = codec.parse_canonical(data)
    return texts


def encode_texts(texts: Texts) -> bytes:
    """Write texts for storage."""
    return codec.encode_canonical({language: dict(text) for language, text in texts.items()})


def find_problems(texts: Texts) -> list[TextProblem]:
    """Return all that is wrong with the texts of a mailing; languages that are empty are left out of the mail."""
    problems = []
    for language, text in texts.items():
        for field, other in (("subject", "text"), ("text", "subject")):
            error = _wrong(text[field], MOST_SUBJECT if field == "subject" else MOST_TEXT)
            if not text[field] and text[other]:
                error = Malformed("Subject and text belong together: write both in a language, or neither.")
            if error is not None:
                problems.append(TextProblem(language, field, error))
    if not any(text["subject"] or text["text"] for text in texts.values()):
        problems.append(
            TextProblem(next(iter(texts)), "subject", Malformed("Write the mail in one language at least."))
        )
    return problems


def _wrong(text: str, most: int) -> Malformed | None:
    for name in _BRACED.findall(text):
        if name not in PLACEHOLDERS:
            known = [f"{{{one}}}" for one in PLACEHOLDERS]
            return Malformed("“%(name)s” is no placeholder. There are: %(known)s.", name=f"{{{name}}}", known=known)
    if any("{voter_id}" in word and _LINKLIKE.search(word) for word in text.split()):
        return Malformed("The voter id cannot be part of a link or an address: who followed it could be told from it.")
    if set("{}") & set(_BRACED.sub("", text)):
        return Malformed("A brace stands alone. Placeholders look like {title}; other braces cannot be used.")
    if len(text) > most:
        return Malformed("This text is too long: %(most)s characters at most.", most=most)
    return None


def languages_of(texts: Texts, main: Sequence[str]) -> list[str]:
    """Return the languages that a mailing is written in, in the order of a mail: those of the election first."""
    written = [language for language, text in texts.items() if text["text"]]
    return [one for one in main if one in written] + sorted(one for one in written if one not in main)


class Writer:
    """Fills the texts of one mailing in, voter by voter; what is the same for all is written once."""

    def __init__(self, texts: Texts, facts: Facts) -> None:
        self._texts = texts
        self._values = {one: _values(one, facts) for one in languages_of(texts, [*facts.title])}

    def write(self, voter_id: str) -> list[Part]:
        """Return the mail as one voter gets it, part by part."""
        shown = plain(voter_id)
        return [self._part(one, {**values, "voter_id": _apart(shown, one)}) for one, values in self._values.items()]

    def _part(self, language: str, values: Mapping[str, str]) -> Part:
        text = self._texts[language]
        subject, body = (_BRACED.sub(lambda found: values[found[1]], text[field]) for field in ("subject", "text"))
        return Part(language, _cut(" ".join(subject.split()), _FILLED_SUBJECT), body)


def subject_of(parts: Sequence[Part]) -> str:
    """Return the subject of a whole mail."""
    return " · ".join(part.subject for part in parts)


def text_of(parts: Sequence[Part]) -> str:
    """Return the text of a whole mail."""
    return _RULE.join(part.text for part in parts) + "\n"


def _values(language: str, facts: Facts) -> dict[str, str]:
    prefix = f"{facts.address}/{language}" if language in spoken_languages() else facts.address
    page = f"{prefix}/elections/{facts.election_id}"
    return {
        "title": _title(facts.title, language),
        "opens": _time(facts.opens_at, language, facts.zone),
        "closes": _time(facts.closes_at, language, facts.zone),
        "link": page,
        "result_link": f"{page}/result",
        "fingerprint": _isolated(facts.fingerprint, language),
    }


def plain(text: str) -> str:
    """Return a text of somebody else's as one line without signs that turn the direction of what follows."""
    shown = "".join(one if one.isprintable() or one == "\u200c" else " " for one in text)
    return " ".join(shown.split())


def _title(title: Mapping[str, str], language: str) -> str:
    """Return the title in a language, or in the first that there is; set apart where it runs the other way."""
    found = next((one for one in (language, language.partition("-")[0], "en", *title) if one in title), "")
    text = _cut(plain(title.get(found, "")), _MOST_TITLE)
    return text if not text or is_rtl(found) == is_rtl(language) else f"{_ISOLATE}{text}{_END}"


def _apart(text: str, language: str) -> str:
    """Set a code apart in a language that runs from right to left, unless it begins with a letter as in V-001."""
    return text if text[:1].isalpha() else _isolated(text, language)


def _isolated(text: str, language: str) -> str:
    return f"{_ISOLATE}{text}{_END}" if text and is_rtl(language) else text


def _time(moment: datetime, language: str, zone: ZoneInfo) -> str:
    locale = Locale.parse(language, sep="-")
    said, written = read_catalogue(language), write_time(moment, locale, zone)
    if zone.key == "UTC":
        return str(said.ugettext("%(time)s UTC") % {"time": written})
    return str(said.ugettext("%(time)s (%(zone)s)") % {"time": written, "zone": zone_name(moment, locale, zone)})


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
