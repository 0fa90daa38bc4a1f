"""The contest of the demonstration: names for a park, each with a drawn picture, its background and its aims."""

import io
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ballots.definition import Text
from evote.elections.headed import AIMS, BACKGROUND, encode_headed

if TYPE_CHECKING:
    from PIL import ImageDraw

_EDGE = 480
ORDERS = [{"id": "park", "name": "rotated", "by": "voter"}]
_LABELS: Mapping[str, Text] = {
    "willow": {"en": "Willow Park", "fa": "بوستان بید"},
    "heron": {"en": "Heron Park", "fa": "بوستان حواصیل"},
    "bridge": {"en": "Old Bridge Park", "fa": "بوستان پل کهنه"},
    "mill": {"en": "Mill Park", "fa": "بوستان آسیاب"},
    "blank": {"en": "Blank vote", "fa": "رأی ممتنع"},
}
_BACKGROUND: Mapping[str, Text] = {
    "willow": {"en": "Willows stand along the whole bank.", "fa": "بیدها در سراسر کناره ایستاده‌اند."},
    "heron": {"en": "Herons came back when the water was clean.", "fa": "وقتی آب پاک شد حواصیل‌ها بازگشتند."},
    "bridge": {"en": "The bridge is older than the town.", "fa": "پل از شهر کهن‌تر است."},
    "mill": {"en": "Its wheel turned here for three hundred years.", "fa": "چرخ آن سیصد سال همین جا می‌چرخید."},
}
_AIMS: Mapping[str, Text] = {
    "willow": {"en": "A name that everybody understands at once.", "fa": "نامی که همه بی‌درنگ می‌فهمند."},
    "heron": {"en": "To remind us what clean water is worth.", "fa": "تا یادمان باشد آب پاک چه ارزشی دارد."},
    "bridge": {"en": "To keep the bridge in mind, and in repair.", "fa": "تا پل در یاد بماند و نگهداری شود."},
}


def park_contest() -> dict[str, Any]:
    """Return the contest; its pictures are those of :func:`park_pictures`."""
    return {
        "id": "park",
        "kind": "choose",
        "title": {"en": "What shall the park be called?", "fa": "نام بوستان چه باشد؟"},
        "options": [
            {
                "id": name,
                "label": label,
                "party": {},
                "info": _info(name),
                "media": {f"{name}.png": ""} if name in _DRAWINGS else {},
            }
            for name, label in _LABELS.items()
        ],
        "abstain": "blank",
        "rule": {"name": "plurality", "seats": 1},
        "min": 1,
        "max": 1,
    }


def park_pictures() -> dict[str, bytes]:
    """Draw the pictures that the contest names; returns {name: PNG}."""
    from PIL import Image, ImageDraw

    pictures = {}
    for name, (ground, draw) in _DRAWINGS.items():
        canvas = Image.new("RGB", (_EDGE, _EDGE), ground)
        draw(ImageDraw.Draw(canvas))
        target = io.BytesIO()
        canvas.save(target, "PNG")
        pictures[f"{name}.png"] = target.getvalue()
    return pictures


def _info(name: str) -> Text:
    parts = {BACKGROUND: _BACKGROUND.get(name, {}), AIMS: _AIMS.get(name, {})}
    languages = sorted({language for text in parts.values() for language in text})
    return {one: encode_headed("", {part: text.get(one, "") for part, text in parts.items()}) for one in languages}


def _willow(pen: "ImageDraw.ImageDraw") -> None:
    pen.rectangle((0, 380, 480, 480), fill="#7fb3c9")
    pen.rectangle((225, 180, 255, 400), fill="#8a7864")
    for left in range(70, 410, 30):
        pen.line((240, 110, left, 150, left, 360), fill="#6f9a4b", width=12)
    pen.ellipse((120, 60, 360, 200), fill="#6f9a4b")


def _heron(pen: "ImageDraw.ImageDraw") -> None:
    pen.rectangle((0, 330, 480, 480), fill="#7fb3c9")
    pen.ellipse((170, 190, 330, 290), fill="#7d8891")
    pen.line((310, 215, 350, 110), fill="#7d8891", width=18)
    pen.ellipse((325, 80, 380, 125), fill="#7d8891")
    pen.polygon(((372, 95), (460, 112), (374, 115)), fill="#d9a441")
    pen.line((230, 285, 225, 420), fill="#3f464b", width=8)
    pen.line((270, 285, 275, 420), fill="#3f464b", width=8)


def _bridge(pen: "ImageDraw.ImageDraw") -> None:
    pen.rectangle((0, 330, 480, 480), fill="#7fb3c9")
    pen.rectangle((0, 170, 480, 330), fill="#b59a7a")
    for left in (30, 260):
        pen.pieslice((left, 220, left + 190, 470), 180, 360, fill="#7fb3c9")


def _mill(pen: "ImageDraw.ImageDraw") -> None:
    pen.rectangle((0, 360, 480, 480), fill="#7fb3c9")
    pen.rectangle((60, 180, 250, 380), fill="#c9a27e")
    pen.polygon(((40, 180), (155, 80), (270, 180)), fill="#8c4a3c")
    pen.ellipse((230, 220, 430, 420), outline="#5b4632", width=16)
    for end in ((330, 220), (330, 420), (230, 320), (430, 320)):
        pen.line((330, 320, *end), fill="#5b4632", width=10)


_DRAWINGS: Mapping[str, tuple[str, Callable[["ImageDraw.ImageDraw"], None]]] = {
    "willow": ("#e7efdc", _willow),
    "heron": ("#dbe9ee", _heron),
    "bridge": ("#f3e9d9", _bridge),
    "mill": ("#f3e9d9", _mill),
}
