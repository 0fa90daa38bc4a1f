"""Pictures are made small and bare, documents kept; what is neither is refused."""

import io
import json
import random
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from evote.elections.documents import hash_text
from evote.elections.media_files import (
    DOCUMENT_BYTES,
    MOST_UPLOAD_BYTES,
    PICTURE_BYTES,
    SMALL_BYTES,
    make_document,
    make_media,
    make_picture,
    parse_media_path,
    sort_media,
)
from evote.errors import Malformed
from tests.media.conftest import Draw

VECTORS = json.loads((Path(__file__).parent / "vectors" / "media.json").read_text())
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_becomes_two_small_ones_named_after_their_hashes(draw: Draw, kind: str) -> None:
    large, small = make_picture(draw(2000, 1000, kind))
    assert (opened(large.data).format, opened(large.data).size) == ("WEBP", (960, 480))
    assert opened(small.data).size == (128, 128)
    for file, middle in ((large, ""), (small, ".small")):
        assert file.path == f"media/{hash_text(file.data)}{middle}.webp"
        assert file.sha256 in file.path
    assert make_picture(draw(2000, 1000, kind)) == (large, small)


def test_what_the_camera_wrote_is_gone_and_the_picture_stands_upright(draw: Draw) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90°
    exif[0x010F] = "Camera of somebody"
    exif.get_ifd(0x8825)[2] = (35.0, 41.0, 20.0)  # latitude
    large, small = make_picture(draw(300, 200, "JPEG", exif=exif, comment=b"at home"))
    assert opened(large.data).size == (200, 300)
    for data in (large.data, small.data):
        assert not dict(opened(data).getexif())
        for word in (b"EXIF", b"Camera", b"at home", b"XMP", b"ICCP"):
            assert word not in data


def test_noise_is_squeezed_below_the_bounds() -> None:
    noise = Image.frombytes("RGB", (1200, 1200), random.Random(3).randbytes(1200 * 1200 * 3))
    target = io.BytesIO()
    noise.save(target, "PNG")
    large, small = make_picture(target.getvalue())
    assert len(large.data) <= PICTURE_BYTES
    assert len(small.data) <= SMALL_BYTES


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1"])
def test_transparent_and_grey_pictures_stand_on_white(draw: Draw, mode: str) -> None:
    large, _ = make_picture(draw(50, 40, "PNG", mode))
    assert opened(large.data).mode == "RGB"


def bomb(width: int, height: int) -> bytes:
    """Return a PNG that says how large it is, and little else."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize("edge", [7_000, 12_000, 60_000])
def test_a_decompression_bomb_is_refused_before_it_is_unpacked(edge: int) -> None:
    with pytest.raises(Malformed, match="too many pixels"):
        make_picture(bomb(edge, edge))


def test_what_is_no_picture_is_refused(draw: Draw) -> None:
    whole = draw(400, 400, "PNG")
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    for data in (
        b"GIF89a....",
        svg,
        whole[: len(whole) // 2],
        PDF,
        bomb(100, 100),
        draw(5, 5, "BMP"),
        draw(5, 5, "GIF"),
    ):
        with pytest.raises(Malformed, match="no picture"):
            make_picture(data)
    with pytest.raises(Malformed, match="empty"):
        make_picture(b"")
    with pytest.raises(Malformed, match="At most 12 megabytes"):
        make_picture(bytes(MOST_UPLOAD_BYTES + 1))


@given(st.binary(min_size=1, max_size=200))
def test_no_bytes_make_it_fail_otherwise(data: bytes) -> None:
    for start in (b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\x80\x00\x00\x00WEBPVP8 "):
        with pytest.raises(Malformed):
            make_picture(start + data)


def test_documents_are_kept_with_what_an_address_can_hold_of_their_name() -> None:
    plan = make_document("Full text (final).PDF", PDF)
    assert (plan.data, plan.path) == (PDF, f"media/{hash_text(PDF)}.full-text-final.pdf")
    assert make_document("متن.pdf", PDF).path == f"media/{hash_text(PDF)}.pdf"
    assert make_document("a.txt", "متن\n".encode()).path.endswith(".a.txt")
    assert [file.path[-4:] for file in make_media("law.txt", b"1. Law")] == [".txt"]
    assert [file.path[-4:] for file in make_media("law", PDF)] == [".pdf"]


@pytest.mark.parametrize("data", [b"%PDF-1.7 cut off", b"\xff\xfe", b"a\0b", b"PK\x03\x04", b"<html>\x1b"])
def test_what_is_no_document_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed, match="no document"):
        make_document("x.txt", data)


def test_documents_have_a_bound() -> None:
    with pytest.raises(Malformed, match="At most 5 megabytes"):
        make_document("x.txt", b"x" * (DOCUMENT_BYTES + 1))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda one: one["reason"])
def test_vectors(vector: dict[str, Any]) -> None:
    shown = sort_media(dict.fromkeys(vector["media"], "A" * 43))
    assert (shown.picture, shown.small, list(shown.documents)) == (
        vector["picture"],
        vector["small"],
        vector["documents"],
    )


def test_paths_say_what_a_file_is(draw: Draw) -> None:
    large, small = make_picture(draw())
    plan = make_document("plan.pdf", PDF)
    media = {file.path: file.sha256 for file in (plan, small, large)} | {"a.png": "A" * 43}
    shown = sort_media(media)
    assert (shown.picture, shown.small, shown.documents) == (large.path, small.path, (plan.path,))
    found = parse_media_path(plan.path)
    assert found is not None
    assert (found.sha256, found.name, found.mimetype, found.is_picture) == (
        plan.sha256,
        "plan",
        "application/pdf",
        False,
    )
    for path in ("media/x.webp", "a.png", f"media/{'A' * 43}.html", f"media/{'A' * 43}.other.webp", f"../{large.path}"):
        assert parse_media_path(path) is None
