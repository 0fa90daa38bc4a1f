"""Canonical JSON, fixed-width numbers and the hash ``H`` (section 2).

Canonical is RFC 8785 on the part of JSON that this protocol uses: objects with ASCII keys,
arrays, strings, booleans and integers 0 … 2^53−1. On that part the standard library's encoder
with sorted keys writes RFC 8785's bytes (the tests compare it with the package ``rfc8785``),
and it is the fastest at hand: every ballot is encoded three times on its way to the count.
"""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NoReturn

from ballots.errors import EncodingError

Json = Any
"""A value of the protocol's part of JSON: dict, list, str, bool or int."""

TAG_PREFIX = "evote/1/"
MAX_DEPTH = 16
MAX_INTEGER = 2**53 - 1
HASH_BYTES = 32
CHALLENGE_BITS = 128

_CHALLENGE = re.compile(r"[0-9a-f]{32}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


def encode_canonical(value: Json) -> bytes:
    """Encode a value as canonical JSON (RFC 8785).

    Raises:
        EncodingError: The value is outside the protocol's part of JSON.
    """
    _check_value(value, 1)
    return _encode(value)


def parse_canonical(data: bytes) -> Json:
    """Parse canonical JSON; anything that would not encode to the same bytes is refused.

    Raises:
        EncodingError: Not UTF-8, not JSON, a duplicate key, a float, a negative or too large
            integer, a null, a lone surrogate, nesting over 16, or not canonical.
    """
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_object,
            parse_float=_refuse_number,
            parse_int=_integer,
            parse_constant=_refuse_number,
        )
    except UnicodeDecodeError:
        raise EncodingError("The text is not UTF-8.") from None
    except json.JSONDecodeError as error:
        raise EncodingError(
            "The text is not JSON: %(problem)s at character %(position)s.", problem=error.msg, position=error.pos
        ) from None
    except RecursionError:
        raise EncodingError("The JSON is nested deeper than %(most)s.", most=MAX_DEPTH) from None
    _check_value(value, 1)
    if _encode(value) != data:
        raise EncodingError("The JSON is not in canonical form (RFC 8785).")
    return value


def take(value: Json, *keys: str) -> tuple[Json, ...]:
    """Return the values of an object that has exactly these keys.

    Raises:
        EncodingError: Not an object, a key is missing, or there is one too many.
    """
    if not isinstance(value, dict):
        raise EncodingError("Expected an object with the keys %(keys)s.", keys=", ".join(keys))
    if value.keys() != set(keys):
        wrong = sorted(value.keys() ^ set(keys))
        raise EncodingError(
            "Expected exactly the keys %(keys)s; missing or unknown: %(wrong)s.",
            keys=", ".join(keys),
            wrong=", ".join(wrong),
        )
    return tuple(value[key] for key in keys)


def digest(tag: str, value: Json) -> bytes:
    """Hash a value under a tag: ``H("evote/1/" + tag, value)``, 32 bytes."""
    return hash_canonical(tag, encode_canonical(value))


def hash_canonical(tag: str, data: bytes) -> bytes:
    """Hash bytes already known to be canonical: ``H`` without encoding again, 32 bytes."""
    return hashlib.sha256(f"{TAG_PREFIX}{tag}".encode("ascii") + b"\x00" + data).digest()


def expand(tag: str, value: Json, bits: int) -> int:
    """Derive a number of the first ⌈bits/8⌉ bytes of a stream seeded by ``H`` (section 2)."""
    seed = digest(tag, value)
    length = -(-bits // 8)
    blocks = [hashlib.sha256(seed + counter.to_bytes(4, "big")).digest() for counter in range(-(-length // 32))]
    return int.from_bytes(b"".join(blocks)[:length], "big")


def encode_bytes(data: bytes) -> str:
    """Encode bytes as base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode_bytes(text: Json, width: int) -> bytes:
    """Decode base64url of exactly ``width`` bytes; other spellings of them are refused.

    Raises:
        EncodingError: Not a string, another width, or not the one canonical spelling.
    """
    if not isinstance(text, str) or len(text) != -(-width * 4 // 3):
        raise EncodingError("Expected base64url text of %(width)s bytes.", width=width)
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raise EncodingError("Expected base64url text of %(width)s bytes.", width=width) from None
    if len(data) != width or encode_bytes(data) != text:
        raise EncodingError("Expected base64url text of %(width)s bytes in its canonical spelling.", width=width)
    return data


def encode_number(value: int, width: int) -> str:
    """Encode a number as base64url of ``width`` big-endian bytes."""
    return encode_bytes(int(value).to_bytes(width, "big"))


def decode_number(text: Json, width: int) -> int:
    """Decode a number of exactly ``width`` big-endian bytes.

    Raises:
        EncodingError: As :func:`decode_bytes`.
    """
    return int.from_bytes(decode_bytes(text, width), "big")


def encode_challenge(value: int) -> str:
    """Encode a challenge below 2^128 as 32 lower-case hex digits."""
    return f"{value:032x}"


def decode_challenge(text: Json) -> int:
    """Decode a challenge of 32 lower-case hex digits.

    Raises:
        EncodingError: Any other text.
    """
    if not isinstance(text, str) or not _CHALLENGE.fullmatch(text):
        raise EncodingError("Expected a challenge of 32 lower-case hex digits.")
    return int(text, 16)


def encode_time(moment: datetime) -> str:
    """Encode an aware moment as ``YYYY-MM-DDTHH:MM:SSZ``, dropping fractions of a second."""
    return f"{moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()}Z"


def parse_time(text: Json) -> datetime:
    """Parse ``YYYY-MM-DDTHH:MM:SSZ`` to an aware UTC moment.

    Raises:
        EncodingError: Another form, or a date that does not exist.
    """
    if not isinstance(text, str) or not _TIME.fullmatch(text):
        raise EncodingError("Expected a time as YYYY-MM-DDTHH:MM:SSZ.")
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise EncodingError("%(text)s is not a date and time that exists.", text=text) from None


def _encode(value: Json) -> bytes:
    try:
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")
    except UnicodeEncodeError:
        raise EncodingError("A string holds a lone surrogate.") from None


def _check_value(value: Json, depth: int) -> None:
    kind = type(value)
    if kind is str or kind is bool:
        return
    if kind is int:
        if not 0 <= value <= MAX_INTEGER:
            raise EncodingError("An integer is not within 0 … 2^53−1.")
        return
    if depth > MAX_DEPTH:
        raise EncodingError("The JSON is nested deeper than %(most)s.", most=MAX_DEPTH)
    if kind is dict:
        for key, member in value.items():
            if type(key) is not str or not key.isascii():
                raise EncodingError("A key is not an ASCII string.")
            _check_value(member, depth + 1)
    elif kind is list or kind is tuple:
        for member in value:
            _check_value(member, depth + 1)
    else:
        raise EncodingError("Only objects, arrays, strings, booleans and whole numbers are allowed.")


def _object(pairs: Iterable[tuple[str, Json]]) -> dict[str, Json]:
    result: dict[str, Json] = {}
    for key, value in pairs:
        if key in result:
            raise EncodingError("The key '%(key)s' stands twice in one object.", key=key)
        result[key] = value
    return result


def _integer(text: str) -> int:
    if len(text) > len(str(MAX_INTEGER)):
        raise EncodingError("An integer is not within 0 … 2^53−1.")
    return int(text)


def _refuse_number(text: str) -> NoReturn:
    raise EncodingError("%(text)s is not a whole number.", text=text[:20])
