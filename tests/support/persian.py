"""What people read on a Persian page, and what of it may be Latin."""

import re
from html.parser import HTMLParser

from evote.simulation.petitions import EXAMPLES
from tests.support.exhibits.consultations import WRITTEN
from tests.support.petitions import TEXT

NAMES = ("UTF-8", "SHA-256", "sha256", "AGPL-3.0-or-later", "base64url", "A-1234", "CC0")
SOURCES = ("Python package holidays 0.109",)
ENGLISH = re.compile(r"\b[A-Z]?[a-z]+ [a-z]+ [a-z]+\b")
"""Three English words in a row: a sentence that was not translated."""
TYPED = (
    "The letters of one street were never delivered",
    "Clerk of the court",
    "League of voters",
    "The tramway",
    "Shall it be built?",
    "Shall it be?",
    "Its name",
    "A night bus for the harbour",
    "Fifty trees along the avenue.",
    *(text for one in EXAMPLES for text in (one.title, one.background, one.details, *(one.news or ()))),
    *TEXT.values(),
    *WRITTEN,
    "Confirm your petition",  # subjects of mails to people who wrote in English
    "Your petition: what comes next",
)
"""Texts of manifests, logs and petitions that somebody wrote in one language only."""
SPARED = re.compile(
    "|".join(
        (
            *map(re.escape, sorted(filter(None, (*NAMES, *SOURCES, *TYPED)), key=len, reverse=True)),
            "\u2068[^\u2069]*\u2069",
            r"python -m [\w.]+(?: [\w-]+)?",
            r"(?<![\w-])[\w-]{43}(?![\w-])",
            r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b",
            r"\b[\w.+-]+@[\w.-]+",
            r"https?://\S+",
            r"\bc\d\b",
        )
    )
)
"""Where Latin letters and digits belong: names, codes, addresses, and what is set apart as text of another language."""
CODE = {"code", "tracker", "mono"}


class Text(HTMLParser):
    """Collects what people read; leaves out code, which stays Latin, and scripts' data."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        classes = set((values.get("class") or "").split())
        latin = (
            tag in ("pre", "code", "script", "style", "svg", "textarea")
            or bool(classes & CODE)
            or values.get("lang") == "en"
        )
        if tag not in ("meta", "link", "input", "br", "img", "hr", "wbr", "rect", "path", "line", "circle"):
            self._open.append((tag, latin))
        self.said += [values[name] or "" for name in ("aria-label", "alt", "title") if name in values]

    def handle_endtag(self, tag: str) -> None:
        while any(one == tag for one, _ in self._open) and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(latin for _, latin in self._open):
            self.said.append(data.strip())


def said_on(page: str) -> list[str]:
    text = Text()
    text.feed(page)
    return [SPARED.sub("", one) for one in text.said]
