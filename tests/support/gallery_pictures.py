"""Pictures for the gallery's options, drawn here: plain shapes on plain grounds, the same in every run."""

import io
from collections.abc import Callable, Collection, Mapping
from functools import cache

from PIL import Image, ImageDraw

from evote.elections.media_files import MediaFile, make_document, make_picture

_EDGE = 480
Pen = ImageDraw.ImageDraw


def _heron(pen: Pen) -> None:
    pen.rectangle((0, 330, 480, 480), fill="#7fb3c9")
    pen.ellipse((170, 190, 330, 290), fill="#7d8891")
    pen.line((310, 215, 350, 110), fill="#7d8891", width=18)
    pen.ellipse((325, 80, 380, 125), fill="#7d8891")
    pen.polygon(((372, 95), (460, 112), (374, 115)), fill="#d9a441")
    pen.line((230, 285, 225, 420), fill="#3f464b", width=8)
    pen.line((270, 285, 275, 420), fill="#3f464b", width=8)


def _plane(pen: Pen) -> None:
    pen.rectangle((0, 400, 480, 480), fill="#8a9a5b")
    pen.rectangle((222, 240, 258, 420), fill="#8a7864")
    for box in ((90, 110, 250, 270), (230, 110, 390, 270), (160, 40, 320, 200)):
        pen.ellipse(box, fill="#4c7a45")


def _mill(pen: Pen) -> None:
    pen.rectangle((0, 360, 480, 480), fill="#7fb3c9")
    pen.rectangle((60, 180, 250, 380), fill="#c9a27e")
    pen.polygon(((40, 180), (155, 80), (270, 180)), fill="#8c4a3c")
    pen.ellipse((230, 220, 430, 420), outline="#5b4632", width=16)
    for end in ((330, 220), (330, 420), (230, 320), (430, 320), (260, 250), (400, 390), (400, 250), (260, 390)):
        pen.line((330, 320, *end), fill="#5b4632", width=10)


def _tram(pen: Pen) -> None:
    pen.rectangle((0, 400, 480, 480), fill="#a9a294")
    pen.rounded_rectangle((60, 150, 420, 380), 36, fill="#b23a48")
    for left in (90, 195, 300):
        pen.rounded_rectangle((left, 190, left + 90, 280), 10, fill="#dfeeec")
    for left in (110, 300):
        pen.ellipse((left, 350, left + 70, 420), fill="#2a3636")


def _street(pen: Pen) -> None:
    pen.polygon(((150, 0), (330, 0), (480, 480), (0, 480)), fill="#8d8f8e")
    for top in range(0, 480, 120):
        pen.rectangle((232, top, 248, top + 60), fill="#f7f5f0")


_DRAWINGS: Mapping[str, tuple[str, Callable[[Pen], None]]] = {
    "heron": ("#dbe9ee", _heron),
    "plane": ("#e7efdc", _plane),
    "mill": ("#f3e9d9", _mill),
    "yes": ("#e6edf0", _tram),
    "no": ("#e3ddd0", _street),
}


@cache
def picture(name: str) -> tuple[MediaFile, ...]:
    """Return the picture of an option, large and small; nothing where none is drawn."""
    if name not in _DRAWINGS:
        return ()
    ground, draw = _DRAWINGS[name]
    canvas = Image.new("RGB", (_EDGE, _EDGE), ground)
    draw(ImageDraw.Draw(canvas))
    target = io.BytesIO()
    canvas.save(target, "PNG")
    return make_picture(target.getvalue())


@cache
def full_text() -> MediaFile:
    """Return the full text of the tramway's proposal."""
    words = (
        "1. The tramway from the market to the station is rebuilt on its old way.\n"
        "2. The city bears the cost; work begins within two years.\n"
        "3. Along the way each street keeps a path for people on foot.\n"
    )
    return make_document("proposal.txt", words.encode())


def files_of(media: Collection[str]) -> list[MediaFile]:
    """Return the files that options of the gallery name."""
    made = [file for name in _DRAWINGS for file in picture(name)] + [full_text()]
    return [file for file in made if file.path in media]
