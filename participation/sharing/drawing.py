"""The picture beside a shared link: what a page is about, on 1200 × 630 pixels. Pure: the same card, the same bytes.

Pillow draws; it shapes and orders Persian by way of Raqm, HarfBuzz and FriBidi. Where FriBidi is not on the machine
there are no pictures (`can_draw`), because Persian without it would be unreadable.
"""

import io
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from participation.text import one_line

if TYPE_CHECKING:
    from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1200, 630
DRAWING = 1
"""Raised when the same card is drawn otherwise, so that kept pictures are made anew."""
_FONT = Path(__file__).parents[2] / "static" / "vendor" / "vazirmatn" / "vazirmatn-whole-wght.woff2"
_REGULAR, _BOLD = 400, 700
_MARGIN, _INNER = 72, 1200 - 2 * 72
_SIZES = (84, 74, 64, 54, 46)
_TOP, _BOTTOM, _LEADING = 150, 420, 1.42
_PAPER, _SURFACE, _INK, _SOFT, _ACCENT, _GROUND = "#f7f5f0", "#ffffff", "#1a2829", "#46575a", "#0b6466", "#e7e5de"
_TONES = {
    "good": ("#2b6535", "#e2efe0"),
    "wait": ("#7a4b00", "#f9ecd0"),
    "bad": ("#9a1f3d", "#f9e3e6"),
    "accent": ("#084b4d", "#dfeeec"),
    "plain": ("#1a2829", "#e7e5de"),
}
"""As in tokens.css, by day."""
_STAR = (
    (16, 1), (20.4, 5.4), (26.6, 5.4), (26.6, 11.6), (31, 16), (26.6, 20.4), (26.6, 26.6), (20.4, 26.6),
    (16, 31), (11.6, 26.6), (5.4, 26.6), (5.4, 20.4), (1, 16), (5.4, 11.6), (5.4, 5.4), (11.6, 5.4),
)  # fmt: skip
_TICK = ((10, 16.4), (14.2, 20.6), (22, 12.4))
"""The site's mark, as in the header of its pages."""
_COLOURS = 64
_SIGNS = (
    "20-7e a1-ac ae-17f 192 218-21b 2c6-2c7 2c9 2d8-2dd 300-301 303 309 323 60c-60d 610-612 615 61b 61f 621-63a 63d "
    "640-658 65a-65b 660-671 674 679 67c 67e 681 685-686 688-689 691 693 695-696 698 69a 6a0-6a1 6a4 6a9-6ad 6af 6b5 "
    "6ba 6bc-6be 6c0-6c3 6c6-6d0 6d2-6d5 6f0-6f9 200c-200d 2010-2015 2018-201e 2020-2022 2026 2030 2032-2033 "
    "2039-203a 20ac 2116 2122 2212"
)
"""Code points that the font has signs for, in hexadecimal. Not among them: emoji, and the letters of other scripts."""
_OTHER = re.compile(
    "[^" + "".join("-".join(re.escape(chr(int(end, 16))) for end in one.split("-")) for one in _SIGNS.split()) + "]"
)


_LOOSE_JOINERS = re.compile("[\u200c\u200d ]* [\u200c\u200d ]*")
"""Spaces, and what held an emoji together."""


@dataclass(frozen=True)
class Card:
    """What a picture says.

    Attributes:
        language, rtl: Of all but the title: its code, and whether it is written from right to left.
        kind: What the page is: a petition, an election.
        tone: Colour of the state: good, wait, bad, accent, plain.
        figure, note: One line each, or empty.
        percent: How long the bar is; none for no bar.
    """

    site: str
    language: str
    rtl: bool
    kind: str
    title: str
    state: str
    tone: str
    figure: str = ""
    note: str = ""
    percent: int | None = None


@cache
def can_draw() -> bool:
    """Tell whether this machine can shape and order letters."""
    from PIL import features

    return bool(features.check("raqm"))


def draw(card: Card) -> bytes:
    """Return the picture as PNG."""
    from PIL import Image, ImageDraw

    canvas = _ground(card)
    pen = ImageDraw.Draw(canvas)
    start, end, inwards = (WIDTH - _MARGIN, _MARGIN, -1) if card.rtl else (_MARGIN, WIDTH - _MARGIN, 1)
    _write(pen, start + inwards * 68, 84, card.site, 34, _BOLD, _INK, card)
    _write(pen, end, 84, card.kind, 34, _REGULAR, _SOFT, card, at_end=True)
    _write_title(pen, writable(card.title) or card.kind, card)
    state, wash = _TONES[card.tone]
    length = _length(card.state, 32, _BOLD, card)
    box = sorted((start, start + inwards * (length + 44)))
    pen.rounded_rectangle((box[0], 444, box[1], 498), 27, fill=wash)
    _write(pen, start + inwards * 22, 471, card.state, 32, _BOLD, state, card)
    beside = start + inwards * (length + 44 + 28)
    _write(pen, beside, 471, _cut(card.figure, abs(end - beside), 38, _BOLD, card), 38, _BOLD, _INK, card)
    _write(
        pen,
        start,
        544 if card.percent is None else 580,
        _cut(card.note, _INNER, 30, _REGULAR, card),
        30,
        _REGULAR,
        _SOFT,
        card,
    )
    target = io.BytesIO()
    canvas.quantize(_COLOURS, dither=Image.Dither.NONE).save(target, "PNG", optimize=True)
    return target.getvalue()


def writable(text: str) -> str:
    """Return a text as the font can write it; nothing if a letter of it is in another script."""
    found = one_line(text)
    missing = _OTHER.findall(found)
    if any(unicodedata.category(one).startswith("L") for one in missing):
        return ""
    return _LOOSE_JOINERS.sub(" ", _OTHER.sub(" ", found)).strip() if missing else found


def wrap(text: str, width: int, size: int, weight: int = _BOLD) -> list[str]:
    """Break a text into lines between words; a word that is too long for a line is broken inside."""
    lines = [""]
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}".strip()
        if _measure(joined, size, weight) <= width:
            lines[-1] = joined
            continue
        if lines[-1]:
            lines.append("")
        while _measure(word, size, weight) > width:
            fits = next(n for n in range(len(word), 0, -1) if _measure(word[:n], size, weight) <= width)
            lines[-1:] = [word[:fits], ""]
            word = word[fits:]
        lines[-1] = word
    return lines


def _even(lines: list[str], size: int) -> list[str]:
    """Break the same lines where they become about as long as each other: no word stands alone in the last."""
    text, low, high = " ".join(lines), _INNER // len(lines), _INNER
    if len(wrap(text, high, size)) != len(lines):
        return lines
    while high - low > 8:
        middle = (low + high) // 2
        low, high = (low, middle) if len(wrap(text, middle, size)) == len(lines) else (middle, high)
    return wrap(text, high, size)


def _ground(card: Card) -> "Image.Image":
    """Draw all that is no text, at twice the size, so that its edges are smooth."""
    from PIL import Image, ImageDraw

    canvas = Image.new("RGB", (2 * WIDTH, 2 * HEIGHT), _PAPER)
    pen = ImageDraw.Draw(canvas)
    pen.rectangle((0, 0, 2 * WIDTH, 24), fill=_ACCENT)
    left = WIDTH - _MARGIN - 52 if card.rtl else _MARGIN
    pen.polygon([(2 * (left + x * 1.625), 2 * (58 + y * 1.625)) for x, y in _STAR], fill=_ACCENT)
    tick = [(2 * (left + x * 1.625), 2 * (58 + y * 1.625)) for x, y in _TICK]
    pen.line(tick, fill=_SURFACE, width=10, joint="curve")
    if card.percent is not None:
        whole = (2 * _MARGIN, 1044, 2 * (WIDTH - _MARGIN), 1080)
        pen.rounded_rectangle(whole, 18, fill=_GROUND)
        long = max(36, round((whole[2] - whole[0]) * min(100, card.percent) / 100)) if card.percent else 0
        if long:
            part = (whole[2] - long, whole[2]) if card.rtl else (whole[0], whole[0] + long)
            pen.rounded_rectangle((part[0], whole[1], part[1], whole[3]), 18, fill=_ACCENT)
    return canvas.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def _write_title(pen: "ImageDraw.ImageDraw", text: str, card: Card) -> None:
    """Write the title as large as it fits; what does not fit in the smallest letters is cut between words."""
    for size in _SIZES:
        lines = wrap(text, _INNER, size)
        room = int((_BOTTOM - _TOP) / (size * _LEADING))
        if len(lines) <= room:
            break
    else:
        lines = [*lines[: room - 1], _cut(" ".join(lines[room - 1 :]), _INNER, size, _BOLD, card)]
    lines = _even(lines, size)
    rtl = _is_rtl(text, card)
    place = WIDTH - _MARGIN if rtl else _MARGIN
    step = size * _LEADING
    middle = (_TOP + _BOTTOM) / 2 - step * (len(lines) - 1) / 2
    for number, line in enumerate(lines):
        pen.text(
            (place, round(middle + number * step)),
            line,
            font=_font(size, _BOLD),
            fill=_INK,
            anchor="rm" if rtl else "lm",
            direction="rtl" if rtl else "ltr",
        )


def _write(
    pen: "ImageDraw.ImageDraw",
    place: float,
    middle: int,
    text: str,
    size: int,
    weight: int,
    colour: str,
    card: Card,
    *,
    at_end: bool = False,
) -> None:
    """Write a line of the card's language from its beginning, or up to its end."""
    right = card.rtl != at_end
    pen.text(
        (place, middle),
        text,
        font=_font(size, weight),
        fill=colour,
        anchor="rm" if right else "lm",
        direction="rtl" if card.rtl else "ltr",
        language=card.language,
    )


def _cut(text: str, width: float, size: int, weight: int, card: Card) -> str:
    """Return as many words as fit, and an ellipsis if some are left out."""
    if _length(text, size, weight, card) <= width:
        return text
    words = text.split(" ")
    for count in range(len(words) - 1, 0, -1):
        shorter = " ".join(words[:count]).rstrip(" ,.،؛:–") + "…"
        if _measure(shorter, size, weight) <= width:
            return shorter
    return next(
        (text[:n] + "…" for n in range(len(text), 0, -1) if _measure(text[:n] + "…", size, weight) <= width), ""
    )


def _is_rtl(text: str, card: Card) -> bool:
    """Tell a text's own direction, as `dir=auto` does: by its first letter that has one."""
    for one in text:
        direction = unicodedata.bidirectional(one)
        if direction in ("R", "AL", "L"):
            return direction != "L"
    return card.rtl


def _length(text: str, size: int, weight: int, card: Card) -> float:
    return _font(size, weight).getlength(text, direction="rtl" if card.rtl else "ltr")


def _measure(text: str, size: int, weight: int) -> float:
    return _font(size, weight).getlength(text)


@cache
def _font(size: int, weight: int) -> "ImageFont.FreeTypeFont":
    from PIL import ImageFont

    font = ImageFont.truetype(_FONT, size, layout_engine=ImageFont.Layout.RAQM)
    font.set_variation_by_axes([weight])
    return font
