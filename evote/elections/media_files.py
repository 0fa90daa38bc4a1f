"""Pictures and documents of options: made small, stripped of everything but the picture, and named after their hash.

A file's path says what it is: `media/HASH.webp` is a picture, `media/HASH.small.webp` the same one small,
`media/HASH.name.pdf` (or `.txt`) a document. HASH is the SHA-256, base64url, that the manifest names as well.
"""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from evote.elections.documents import hash_text
from evote.errors import Malformed

if TYPE_CHECKING:
    from PIL import Image

MOST_UPLOAD_BYTES = 12_000_000
MOST_PIXELS = 40_000_000
PICTURE_EDGE, PICTURE_BYTES = 960, 150_000
SMALL_EDGE, SMALL_BYTES = 128, 4_000
DOCUMENT_BYTES = 5_000_000
MOST_DOCUMENTS = 5
"""For one option."""
MOST_NAME = 40

_FORMATS = ("JPEG", "PNG", "WEBP")
_QUALITIES = (82, 65, 45, 25)
_PATH = re.compile(r"media/(?P<hash>[A-Za-z0-9_-]{43})(?:\.(?P<name>[a-z0-9-]{1,40}))?\.(?P<type>webp|pdf|txt)")
_MIMES = {"webp": "image/webp", "pdf": "application/pdf", "txt": "text/plain; charset=utf-8"}
_SMALL = "small"


@dataclass(frozen=True)
class MediaFile:
    """A file as it is stored and served.

    Attributes:
        path: Within the election; it holds the hash.
        data: The bytes.
    """

    path: str
    data: bytes

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes, base64url."""
        return hash_text(self.data)


@dataclass(frozen=True)
class MediaPath:
    """What a path says: the hash, a document's name (perhaps none), and the type."""

    sha256: str
    name: str
    type: str

    @property
    def mimetype(self) -> str:
        """The type with which it is served."""
        return _MIMES[self.type]

    @property
    def is_picture(self) -> bool:
        """Whether it is a picture, large or small."""
        return self.type == "webp"

    @property
    def is_small(self) -> bool:
        """Whether it is the small one of a picture."""
        return self.is_picture and self.name == _SMALL


@dataclass(frozen=True)
class Shown:
    """An option's media by their use: paths, or nothing."""

    picture: str
    small: str
    documents: tuple[str, ...]


def parse_media_path(path: str) -> MediaPath | None:
    """Read a path; nothing if it is not one of ours."""
    found = _PATH.fullmatch(path)
    if found is None or (found["type"] == "webp" and found["name"] not in (None, _SMALL)):
        return None
    return MediaPath(found["hash"], found["name"] or "", found["type"])


def sort_media(media: Mapping[str, str]) -> Shown:
    """Sort an option's media {path: SHA-256} by what they are for; paths that are not ours are left out."""
    known = [(path, found) for path in sorted(media) if (found := parse_media_path(path)) is not None]
    pictures = [path for path, found in known if found.is_picture and not found.is_small]
    small = [path for path, found in known if found.is_small]
    documents = tuple(path for path, found in known if not found.is_picture)
    return Shown(next(iter(pictures), ""), next(iter(small), ""), documents)


def make_picture(data: bytes) -> tuple[MediaFile, MediaFile]:
    """Re-encode a photograph as WebP, large and small, without what cameras write into it.

    Args:
        data: JPEG, PNG or WebP, whatever its name says.

    Returns:
        At most 960 pixels wide and high and 150 kB, and a square of 128 pixels and at most 4 kB.

    Raises:
        Malformed: It is no such picture, or too large; the text says which.
    """
    from PIL import Image, ImageFile, ImageOps

    _check_size(data, MOST_UPLOAD_BYTES)
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # a picture cut off is refused; other libraries turn this on for all
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise Malformed("This picture has too many pixels. Make it smaller, to 40 megapixels at most.")
            opened.draft("RGB", (2 * PICTURE_EDGE, 2 * PICTURE_EDGE))
            upright = ImageOps.exif_transpose(opened)
            clear = upright.convert("RGBA") if upright.mode in ("P", "LA", "PA", "RGBA") else upright.convert("RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Malformed("This picture has too many pixels. Make it smaller, to 40 megapixels at most.") from None
    except (OSError, ValueError, SyntaxError, MemoryError, EOFError, ArithmeticError, KeyError, IndexError):
        raise Malformed("This is no picture that can be read. Take a JPEG, PNG or WebP file.") from None
    if clear.mode == "RGBA":
        ground = Image.new("RGB", clear.size, "white")
        ground.paste(clear, mask=clear.getchannel("A"))
        clear = ground
    large = clear.copy()
    large.thumbnail((PICTURE_EDGE, PICTURE_EDGE))
    small = ImageOps.fit(clear, (SMALL_EDGE, SMALL_EDGE), centering=(0.5, 0.35))
    return _named(_encode(large, PICTURE_BYTES), "webp"), _named(_encode(small, SMALL_BYTES), "webp", _SMALL)


def make_document(name: str, data: bytes) -> MediaFile:
    """Take a PDF or a plain text as it is, under its hash and as much of its name as an address can hold.

    Raises:
        Malformed: It is neither, or too large; the text says which.
    """
    _check_size(data, DOCUMENT_BYTES)
    words = re.sub(r"[^a-z0-9]+", "-", PurePath(name).stem.lower()).strip("-")[:MOST_NAME].strip("-")
    if data.startswith(b"%PDF-") and b"%%EOF" in data[-2048:]:
        return _named(data, "pdf", words)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = "\0"
    if data.startswith(b"%PDF-") or any(ord(sign) < 32 and sign not in "\t\n\r\f" for sign in text):
        raise Malformed("This is no document that can be shown. Take a PDF file, or plain text in UTF-8.")
    return _named(data, "txt", words)


def make_media(name: str, data: bytes) -> tuple[MediaFile, ...]:
    """Make what stands for a file: two pictures, or one document.

    Raises:
        Malformed: It is neither a picture nor a document that can be shown.
    """
    if data.startswith(b"%PDF-") or PurePath(name).suffix.lower() in (".txt", ".md"):
        return (make_document(name, data),)
    return make_picture(data)


def _check_size(data: bytes, most: int) -> None:
    if not data:
        raise Malformed("This file is empty. Choose another one.")
    if len(data) > most:
        raise Malformed("This file is too large. At most %(count)s megabytes fit.", count=most // 1_000_000)


def _named(data: bytes, kind: str, name: str = "") -> MediaFile:
    middle = f".{name}" if name else ""
    return MediaFile(f"media/{hash_text(data)}{middle}.{kind}", data)


def _encode(picture: "Image.Image", most_bytes: int) -> bytes:
    """Encode as WebP, with less quality and then fewer pixels until it fits."""
    while True:
        for quality in _QUALITIES:
            target = io.BytesIO()
            picture.save(target, "WEBP", quality=quality, method=4, exif=b"", icc_profile=b"", xmp=b"")
            if target.tell() <= most_bytes:
                return target.getvalue()
        picture = picture.resize((max(1, picture.width // 2), max(1, picture.height // 2)))
