"""Signed log heads as C2SP checkpoints (tlog-checkpoint, signed-note), so that witnesses can cosign."""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from ballots.codec import MAX_INTEGER
from ballots.errors import LogError, SignatureRefused
from ballots.signatures import SIGNATURE_BYTES, SigningKey, check_public_key, verify_bytes

_ED25519 = b"\x01"
_SIGNATURE_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")
_NOT_TEXT = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]")
MAX_CHARACTERS = 65_536


@dataclass(frozen=True)
class Head:
    """A log head: how many entries, and the root over them."""

    size: int
    root: bytes


def key_id(name: str, public: bytes) -> bytes:
    """Return the 4-byte id of a signed-note key: SHA-256(name ‖ LF ‖ 0x01 ‖ key)."""
    return hashlib.sha256(name.encode("utf-8") + b"\n" + _ED25519 + public).digest()[:4]


def sign_checkpoint(origin: str, head: Head, key: SigningKey) -> str:
    """Write and sign a checkpoint; origin is the key's name as well.

    Returns:
        The note's text, three lines, an empty one and a signature line, each ending in LF.
    """
    body = _body(origin, head)
    signature = key_id(origin, key.public_bytes) + key.sign_bytes(body.encode("utf-8"))
    return f"{body}\n— {origin} {base64.b64encode(signature).decode('ascii')}\n"


def parse_checkpoint(text: str, origin: str, board_key: str) -> Head:
    """Parse a checkpoint and check the board's signature.

    Lines after the third (extensions) are signed and ignored; so are signatures of unknown keys.

    Raises:
        LogError: It is malformed, of another log, or not signed by the board.
    """
    body, separator, signatures = text.partition("\n\n")
    lines = body.split("\n")
    if len(text) > MAX_CHARACTERS or not separator or len(lines) < 3 or not signatures.endswith("\n"):
        raise LogError("The checkpoint is not three lines, an empty line and signatures.")
    if _NOT_TEXT.search(text):
        raise LogError("The checkpoint holds a control character, or half of a character.")
    if lines[0] != origin:
        raise LogError("The checkpoint belongs to another log.")
    if not _SIZE.fullmatch(lines[1]) or int(lines[1]) > MAX_INTEGER:
        raise LogError("The checkpoint's size is not a number below 2^53.")
    head = Head(int(lines[1]), _decode(lines[2]))
    if len(head.root) != 32:
        raise LogError("The checkpoint's root is not 32 bytes.")
    _verify_signatures(body + "\n", signatures, origin, board_key)
    return head


def _body(origin: str, head: Head) -> str:
    return f"{origin}\n{head.size}\n{base64.b64encode(head.root).decode('ascii')}\n"


def _verify_signatures(body: str, signatures: str, origin: str, board_key: str) -> None:
    try:
        public = check_public_key(board_key)
    except SignatureRefused as error:
        raise LogError.because(error) from None
    found = False
    for line in signatures[:-1].split("\n"):
        match = _SIGNATURE_LINE.fullmatch(line)
        if not match:
            raise LogError("The checkpoint has a malformed signature line.")
        data = _decode(match[2])
        if match[1] != origin or data[:4] != key_id(origin, public):
            continue
        if len(data) != 4 + SIGNATURE_BYTES:
            raise LogError("The board's signature on the checkpoint has a wrong length.")
        try:
            verify_bytes(public, body.encode("utf-8"), data[4:])
        except SignatureRefused:
            raise LogError("The board's signature on the checkpoint does not fit.") from None
        found = True
    if not found:
        raise LogError("The checkpoint is not signed by the board's key.")


def _decode(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise LogError("The checkpoint holds malformed base64.") from None
    if base64.b64encode(data).decode("ascii") != text:
        raise LogError("The checkpoint holds malformed base64.")
    return data
