"""Pictures drawn for tests."""

import io
from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw

Draw = Callable[..., bytes]


@pytest.fixture
def draw() -> Draw:
    """Draw a picture: its size, its format, and what else is saved with it."""

    def drawn(width: int = 400, height: int = 300, kind: str = "JPEG", mode: str = "RGB", **more: object) -> bytes:
        picture = Image.new(mode, (width, height), "teal" if mode == "RGB" else 0)
        ImageDraw.Draw(picture).rectangle((0, 0, width // 2, height // 2), fill="orange" if mode == "RGB" else 255)
        target = io.BytesIO()
        picture.save(target, kind, **more)
        return target.getvalue()

    return drawn
