"""Checkpoints: a log's size and root as a signed note (C2SP tlog-checkpoint and signed-note)."""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from . import ed25519
from .codec import HASH_BYTES, LARGEST_INTEGER, decode_bytes
from .errors import Malformed, Refused

SIZE_TEXT = re.compile(r"0|[1-9][0-9]{0,15}")
SIGNATURE_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
ED25519_SIGNATURE = b"\x01"
KEY_ID_BYTES = 4


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What the board signed: the first `size` entries of its log have this root."""

    size: int
    root: bytes


def _decode(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Malformed("a line of the checkpoint is not base64") from None
    if base64.b64encode(data).decode("ascii") != text:
        raise Malformed("a line of the checkpoint is base64, but not its one spelling")
    return data


def parse_checkpoint(data: bytes, origin: str, board_key: str) -> Checkpoint:
    """Read a checkpoint and check the board's signature. Signature lines by others are ignored.

    Raises:
        Malformed: it is no checkpoint.
        Refused: it is another log's, or the board's signature is missing or wrong.
    """
    try:
        note = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("the checkpoint is not UTF-8 text") from None
    text, separator, signatures = note.rpartition("\n\n")
    if not separator or not signatures.endswith("\n"):
        raise Malformed("the checkpoint has no signatures, or does not end with a line end")
    text += "\n"
    lines = text.split("\n")[:-1]
    if any(not line or any(character < " " for character in line) for line in lines):
        raise Malformed("the checkpoint has an empty line or a control character")
    if len(lines) < 3 or not SIZE_TEXT.fullmatch(lines[1]) or int(lines[1]) > LARGEST_INTEGER:
        raise Malformed("the checkpoint must have a name, a size and a root")
    root = _decode(lines[2])
    if len(root) != HASH_BYTES:
        raise Malformed("the checkpoint's root is not 32 bytes")
    if lines[0] != origin:
        raise Refused(f'the checkpoint is of the log "{lines[0][:80]}", not of this election\'s "{origin}"')
    _check_board_signature(text, signatures[:-1].split("\n"), origin, board_key)
    return Checkpoint(int(lines[1]), root)


def _check_board_signature(text: str, signatures: list[str], origin: str, board_key: str) -> None:
    key = decode_bytes(board_key, ed25519.KEY_BYTES)
    key_id = hashlib.sha256(origin.encode() + b"\n" + ED25519_SIGNATURE + key).digest()[:KEY_ID_BYTES]
    own: list[bytes] = []
    for line in signatures:
        if not (found := SIGNATURE_LINE.fullmatch(line)):
            raise Malformed("a signature line of the checkpoint has not the form of one")
        blob = _decode(found[2])
        if found[1] == origin and blob[:KEY_ID_BYTES] == key_id:
            own.append(blob[KEY_ID_BYTES:])
    if not own:
        raise Refused("the board has not signed the checkpoint")
    try:
        for signature in own:
            ed25519.verify_bytes(board_key, text.encode("utf-8"), signature)
    except Refused:
        raise Refused("the board's signature on the checkpoint is wrong") from None
