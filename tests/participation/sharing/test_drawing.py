"""The picture beside a shared link: size, lines, scripts, and titles that mean harm."""

import io
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from participation.sharing import drawing
from participation.sharing.drawing import Card, draw, wrap, writable

ENGLISH = Card(
    site="evote",
    language="en",
    rtl=False,
    kind="Petition",
    title="Build a footbridge over the river at the mill",
    state="Taking signatures",
    tone="good",
    figure="At least 1,200 signatures",
    note="At 10,000, officials must answer.",
    percent=12,
)
PERSIAN = replace(
    ENGLISH,
    language="fa",
    rtl=True,
    kind="کارزار",
    title="برای دوچرخه‌ها در خیابان بلند مسیر جدا بسازید",
    state="در حال گرفتن امضا",
    figure="دست‌کم ۱٬۲۰۰ امضا",
    note="با ۱۰٬۰۰۰ امضا، مسئولان باید پاسخ دهند.",
)
LONG = (
    "Shall the council rebuild the old market hall beside the river with a library and rooms for clubs, or sell it " * 2
)


def open_picture(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def ink(picture: Image.Image, box: tuple[int, int, int, int]) -> tuple[int, int, int, int] | None:
    """Return where, within a box, something stands on the ground."""
    part = picture.crop(box)
    found = ImageChops.difference(part, Image.new("RGB", part.size, "#f7f5f0")).convert("L")
    return found.point(lambda value: 255 if value > 40 else 0).getbbox()


@pytest.mark.parametrize("card", [ENGLISH, PERSIAN])
def test_it_is_a_small_png_of_the_size_that_sites_expect(card: Card) -> None:
    data = draw(card)
    found = Image.open(io.BytesIO(data))
    assert (found.format, found.size) == ("PNG", (1200, 630))
    assert len(data) < 60_000
    assert draw(card) == data


def test_persian_is_joined_and_stands_at_the_right() -> None:
    apart = sum(drawing._measure(letter, 60, 700) for letter in "سلام")
    assert drawing._measure("سلام", 60, 700) < 0.9 * apart
    title = (0, 140, 1200, 430)
    english, persian = (ink(open_picture(draw(card)), title) for card in (ENGLISH, PERSIAN))
    assert english is not None
    assert persian is not None
    assert english[0] < 90 < 1110 < persian[2]
    bar = open_picture(draw(PERSIAN))
    assert bar.getpixel((1100, 531)) != bar.getpixel((200, 531))


def test_a_persian_title_stays_right_to_left_on_an_english_picture() -> None:
    found = ink(open_picture(draw(replace(ENGLISH, title=PERSIAN.title))), (0, 140, 1200, 430))
    assert found is not None
    assert found[2] > 1110


def test_a_long_title_is_cut_between_words(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    even = drawing._even

    def noted(lines: list[str], size: int) -> list[str]:
        written.extend(lines)
        return even(lines, size)

    monkeypatch.setattr(drawing, "_even", noted)
    draw(replace(ENGLISH, title=LONG))
    assert written[-1].endswith("…")
    said = " ".join(written).removesuffix("…")
    assert LONG.startswith(said)
    assert LONG[len(said)] in " ,?"
    picture = open_picture(draw(replace(ENGLISH, title=LONG)))
    assert ink(picture, (0, 430, 1200, 442)) is None, "nothing runs into the line below"
    assert ink(picture, (1140, 140, 1200, 630)) is None, "nothing runs over the edge"


@given(text=st.text(alphabet="ab خکا\u200c—W", max_size=120), width=st.integers(80, 900))
@settings(max_examples=60, deadline=None)
def test_lines_lose_nothing_and_are_no_wider_than_they_may_be(text: str, width: int) -> None:
    plain = " ".join(text.split())
    lines = wrap(plain, width, 54)
    assert "".join(lines).replace(" ", "") == plain.replace(" ", "")
    assert all(drawing._measure(line, 54, 700) <= width for line in lines)


@pytest.mark.parametrize(
    "title",
    [
        "Build a footbridge 🌉🇮🇷👩‍👩‍👧 over the river at the mill",
        "\u202eBuild a footbridge\u202c over the\u2066 river at the mill\u200f",
        "Build a\x00 footbridge\u0007 over the\nriver at the mill\ufeff",
    ],
)
def test_emoji_and_controls_change_nothing(title: str) -> None:
    assert writable(title) == ENGLISH.title
    assert draw(replace(ENGLISH, title=title)) == draw(ENGLISH)


@pytest.mark.parametrize("title", ["Χτίστε μια γέφυρα", "Build a мост here", "🌉🌉", "", "橋を架けよう"])
def test_a_title_that_the_font_cannot_write_is_left_out_whole(title: str) -> None:
    assert writable(title) == ""
    assert draw(replace(ENGLISH, title=title)) == draw(replace(ENGLISH, title=ENGLISH.kind))


def test_hostile_titles_end_soon() -> None:
    for title in ("W" * 200, "Z" + "\u0301" * 190, "ا" * 200, "a " * 100, "ﷺ" * 200, "<script>" * 25):
        assert open_picture(draw(replace(ENGLISH, title=title, note=title))).size == (1200, 630)


def test_the_font_has_the_signs_that_are_written() -> None:
    font = drawing._font(40, 700)
    allowed = [chr(code) for code in range(0x10000) if not drawing._OTHER.match(chr(code))]
    blank = [one for one in allowed if font.getmask(one).getbbox() is None]
    assert set(blank) == {" ", "\u200c", "\u200d"}
    assert font.getmask("Ж").getbbox() is None, "what the font has not is no box"
    assert set("رأی‌گیری گچپژ ۰۱۲۳۴۵۶۷۸۹٬؟«»—Aa0") <= set(allowed)
