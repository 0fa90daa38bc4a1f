"""One accessible PDF (PDF/UA-1) of a batch of letters, a page each; nothing is fetched from any network.

This module loads WeasyPrint, which takes a second: it is imported by those who print only.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import pydyf
from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.exceptions import TemplateError
from jinja2.sandbox import SandboxedEnvironment
from weasyprint import CSS, HTML
from weasyprint.document import Document
from weasyprint.document import Page as Sheet
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from evote.registrar.errors import LetterProblem
from evote.registrar.letters import Look, Page

LAYOUT = Path(__file__).parent / "layout"
_FONTS = Path(__file__).parents[2] / "static" / "vendor" / "vazirmatn"
_RANGES = {
    "latin": "U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+2000-200B, U+2010-206F, U+20AC",
    "latin-ext": "U+0100-02BA, U+02BD-02C5, U+02C7-02CC, U+1E00-1E9F, U+1EF2-1EFF, U+20A0-20AB, U+20AD-20C0",
    "arabic": "U+0600-06FF, U+0750-077F, U+200C-200E, U+2010-2011, U+204F, U+FB50-FDFF, U+FE70-FE74, U+FE76-FEFC",
}
_PX_A_MM = 96 / 25.4
_ENDS = {"window": 89.0, "end": 287.0}
"""How far down, in millimetres, the texts of window and page may reach."""
SIZES = ("tight", "tiny")
"""Letters whose text does not fit on the page are set smaller, down to the last."""


def print_letters(pages: Sequence[Page], look: Look) -> bytes:
    """Set a batch of letters.

    Raises:
        LetterProblem: A letter does not fit on its page, or the template is wrong.
    """
    fonts = FontConfiguration()
    whole = _lay_out(pages, look, fonts)
    laid_out = dict(_by_letter(whole))
    tried = {page.anchor: page for page in pages}
    for size in (*SIZES, ""):
        over = [page.anchor for page in pages if _leaves(laid_out[page.anchor])]
        if not over:
            ordered = [sheet for page in pages for sheet in laid_out[page.anchor]]
            document = whole.copy(ordered)
            return bytes(document.write_pdf(pdf_variant="pdf/ua-1", finisher=lambda _, pdf: _say_languages(pdf, pages)))
        if not size:
            break
        tried |= {anchor: _smaller(tried[anchor], _leaves(laid_out[anchor]), size) for anchor in over}
        laid_out |= _by_letter(_lay_out([tried[anchor] for anchor in over], look, fonts))
    names = ", ".join(tried[anchor].letter.id for anchor in over)
    raise LetterProblem(f"These letters do not fit on a page: {names}. Shorten title, name, address or template.")


def _smaller(page: Page, parts: Collection[str], size: str) -> Page:
    return replace(
        page,
        size=size if "end" in parts else page.size,
        window_size=size if "window" in parts else page.window_size,
    )


def _lay_out(pages: Sequence[Page], look: Look, fonts: FontConfiguration) -> Document:
    folder = look.template.parent if look.template else LAYOUT
    environment = SandboxedEnvironment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)
    speech = pages[0].words[0].speech
    try:
        template = environment.get_template(look.template.name if look.template else "letter.html")
        html = template.render(
            letters=pages, title=pages[0].words[0].subject, language=speech.code, direction=speech.direction
        )
    except (TemplateError, OSError) as error:
        raise LetterProblem(f"The template {look.template or 'letter.html'} cannot be used: {error}") from None
    fetcher = URLFetcher(allowed_protocols=("file", "data"))
    sheets = [CSS(string=_font_faces(), font_config=fonts, url_fetcher=fetcher)]
    if not look.template:
        sheets.append(CSS(filename=LAYOUT / "letter.css", font_config=fonts, url_fetcher=fetcher))
    return HTML(string=html, base_url=str(folder) + "/", url_fetcher=fetcher).render(
        font_config=fonts, stylesheets=sheets
    )


def _by_letter(document: Document) -> Iterator[tuple[str, list[Sheet]]]:
    """Yield (anchor, pages) of each letter."""
    sheets: list[Sheet] = []
    for sheet in reversed(document.pages):
        sheets.insert(0, sheet)
        begun = [name for name in sheet.anchors if name.startswith("letter-")]
        for name in begun:
            yield name, sheets
        sheets = [] if begun else sheets


def _leaves(sheets: Sequence[Sheet]) -> frozenset[str]:
    """Return what of a letter must be set smaller: its text ("end"), its address ("window")."""
    ends = ((name.partition("-")[0], place[1]) for name, place in sheets[0].anchors.items())
    places = {part: down for part, down in ends if part in _ENDS}
    if len(sheets) > 1 or "end" not in places:  # what reaches far below the page is not laid out at all
        return frozenset({"end"})
    return frozenset(part for part, down in places.items() if down > _ENDS[part] * _PX_A_MM)


def _say_languages(pdf: pydyf.PDF, pages: Sequence[Page]) -> None:
    """Mark each letter, and each part of one in two languages, with its language: WeasyPrint marks the whole only."""
    elements = {one.reference: one for one in pdf.objects if isinstance(one, pydyf.Dictionary) and "S" in one}
    letters = [one for one in elements.values() if one["S"] == "/Art"]
    if len(letters) != len(pages):  # a template of one's own without articles
        return
    for letter, page in zip(letters, pages, strict=True):
        codes = [words.speech.code for words in page.words]
        letter["Lang"] = pydyf.String(codes[0])
        for kind in ("/Sect", "/Span"):
            parts = (one for one in _within(letter, elements) if one["S"] == kind)
            for part, code in zip(parts, cycle(codes), strict=False):
                part["Lang"] = pydyf.String(code)


def _within(element: pydyf.Dictionary, elements: Mapping[bytes, pydyf.Dictionary]) -> Iterator[pydyf.Dictionary]:
    """Yield the elements inside another one, in the order of reading."""
    for kid in element.get("K", ()):
        if isinstance(kid, bytes) and kid in elements:
            yield elements[kid]
            yield from _within(elements[kid], elements)


def _font_faces() -> str:
    return "".join(
        f"@font-face{{font-family:letter-{part};unicode-range:{ranges};"
        f"src:url({(_FONTS / f'vazirmatn-{part}-wght-normal.woff2').as_uri()}) format('woff2')}}"
        for part, ranges in _RANGES.items()
    )
