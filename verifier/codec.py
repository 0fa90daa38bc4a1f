"""Canonical JSON, hashes, and the text forms of numbers, hashes and times (section 2 of the protocol)."""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NoReturn

from gmpy2 import mpz

from .errors import Malformed, NotJson

Json = bool | int | str | Sequence["Json"] | Mapping[str, "Json"]

DEEPEST = 16
LARGEST_INTEGER = 2**53 - 1
HASH_BYTES = 32
CHALLENGE_BYTES = 16
CHALLENGE_TEXT = re.compile(r"[0-9a-f]{32}")
TIME_TEXT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
TIME_FORM = "%Y-%m-%dT%H:%M:%SZ"


# --- JSON


def canonical(value: Json) -> bytes:
    """Return the one encoding of `value` by RFC 8785, for the values that the protocol allows.

    Raises:
        Malformed: a string holds a lone surrogate.
    """
    try:
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")
    except UnicodeEncodeError:
        raise Malformed("a string holds half of a surrogate pair, which is no character") from None


def _refuse_fraction(text: str) -> NoReturn:
    raise Malformed(f"the number {text[:20]} is no whole number in plain digits")


def _bounded_integer(text: str) -> int:
    if len(text) > len(str(LARGEST_INTEGER)) or not 0 <= int(text) <= LARGEST_INTEGER:
        raise Malformed(f"the number {text[:20]} is not between 0 and 2^53 - 1")
    return int(text)


def _refuse_duplicates(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    names: dict[str, Json] = {}
    for name, value in pairs:
        if name in names:
            raise Malformed(f'the key "{name[:40]}" occurs twice in one object')
        names[name] = value
    return names


def _check_allowed(value: object, depth: int) -> None:
    if isinstance(value, str | int):  # booleans are integers to Python
        return
    if depth > DEEPEST:
        raise Malformed(f"objects and arrays are nested deeper than {DEEPEST}")
    if isinstance(value, list):
        for item in value:
            _check_allowed(item, depth + 1)
    elif isinstance(value, dict):
        for name, item in value.items():
            if not name.isascii():
                raise Malformed(f'the key "{name[:40]}" is not ASCII')
            _check_allowed(item, depth + 1)
    else:
        raise Malformed("null is not used in records")


def read_json(data: bytes) -> Json:
    """Parse JSON in any layout, but with the protocol's values only, each key once.

    Raises:
        NotJson: it does not parse.
        Malformed: it holds a value that the protocol does not allow.
    """
    try:
        value = json.loads(
            data.decode("utf-8"),
            parse_float=_refuse_fraction,
            parse_int=_bounded_integer,
            parse_constant=_refuse_fraction,
            object_pairs_hook=_refuse_duplicates,
        )
    except UnicodeDecodeError:
        raise NotJson("it is not UTF-8 text") from None
    except RecursionError:
        raise NotJson("it is nested far too deeply") from None
    except json.JSONDecodeError as reason:
        raise NotJson(f"it is no JSON: {reason.msg} at character {reason.pos}") from None
    _check_allowed(value, 1)
    return value  # type: ignore[no-any-return]


def parse(data: bytes) -> Json:
    """Parse canonical JSON: only the one encoding of a value is accepted.

    Raises:
        NotJson: it does not parse.
        Malformed: a value is not allowed, or the bytes are not the canonical ones.
    """
    value = read_json(data)
    if canonical(value) != data:
        raise Malformed("it is JSON but not in canonical form (order of keys, spaces, escapes or a line end)")
    return value


# --- the parts of a value


def fields(value: Json, *names: str) -> tuple[Json, ...]:
    """Return the fields of an object that must have exactly these, in the order asked for.

    Raises:
        Malformed: no object, a field is missing, or one is unknown.
    """
    if not isinstance(value, dict):
        raise Malformed("an object is expected here")
    if missing := [name for name in names if name not in value]:
        raise Malformed(f'the field "{missing[0]}" is missing')
    if unknown := [name for name in value if name not in names]:
        raise Malformed(f'the field "{unknown[0][:40]}" is not known here')
    return tuple(value[name] for name in names)


def text(value: Json) -> str:
    """Return `value`, which must be a string."""
    if not isinstance(value, str):
        raise Malformed("a string is expected here")
    return value


def integer(value: Json, least: int = 0, most: int = LARGEST_INTEGER) -> int:
    """Return `value`, which must be an integer from `least` to `most`."""
    if type(value) is not int:
        raise Malformed("an integer is expected here")
    if not least <= value <= most:
        raise Malformed(f"{value} is not between {least} and {most}")
    return value


def boolean(value: Json) -> bool:
    """Return `value`, which must be true or false."""
    if not isinstance(value, bool):
        raise Malformed("true or false is expected here")
    return value


def array(value: Json, length: int | None = None) -> list[Json]:
    """Return `value`, which must be an array, of `length` if that is given."""
    if not isinstance(value, list):
        raise Malformed("an array is expected here")
    if length is not None and len(value) != length:
        raise Malformed(f"{length} items are expected here, not {len(value)}")
    return value


def mapping(value: Json) -> dict[str, Json]:
    """Return `value`, which must be an object with keys of its own choice."""
    if not isinstance(value, dict):
        raise Malformed("an object is expected here")
    return value


# --- bytes, numbers and times as text


def encode_bytes(data: bytes) -> str:
    """Write bytes as base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode_bytes(value: Json, width: int) -> bytes:
    """Read exactly `width` bytes from base64url without padding, in its only spelling."""
    if not isinstance(value, str):
        raise Malformed("a base64url string is expected here")
    if len(value) != -(-width * 4 // 3):
        raise Malformed(
            f"{width} bytes in base64url are expected here: {-(-width * 4 // 3)} characters, not {len(value)}"
        )
    try:
        padded = value.encode("ascii").translate(_FROM_URL) + b"=" * (-len(value) % 4)
        data = binascii.a2b_base64(padded, strict_mode=True)
    except (binascii.Error, UnicodeEncodeError):
        raise Malformed("it is not base64url") from None
    if encode_bytes(data) != value:
        raise Malformed("it is base64url, but not the one spelling of these bytes")
    return data


_FROM_URL = bytes.maketrans(b"-_+/", b"+/!!")


def encode_number(number: int, width: int) -> str:
    """Write an unsigned number big-endian in `width` bytes as base64url."""
    return encode_bytes(int(number).to_bytes(width, "big"))


def decode_number(value: Json, width: int) -> mpz:
    """Read an unsigned big-endian number of `width` bytes from base64url."""
    return mpz.from_bytes(decode_bytes(value, width), "big")


def decode_challenge(value: Json) -> int:
    """Read a challenge: 16 bytes as 32 lower-case hexadecimal digits."""
    if not isinstance(value, str) or not CHALLENGE_TEXT.fullmatch(value):
        raise Malformed("a challenge is 32 lower-case hexadecimal digits")
    return int(value, 16)


def decode_time(value: Json) -> datetime:
    """Read a time of the form YYYY-MM-DDTHH:MM:SSZ."""
    if not isinstance(value, str) or not TIME_TEXT.fullmatch(value):
        raise Malformed("a time is written YYYY-MM-DDTHH:MM:SSZ")
    try:
        return datetime.strptime(value, TIME_FORM).replace(tzinfo=UTC)
    except ValueError:
        raise Malformed(f"{value} is not in the calendar") from None


# --- hashes


def tagged_hash(tag: str, value: Json) -> bytes:
    """Return H(tag, value) of section 2: 32 bytes."""
    return hashlib.sha256(tag.encode("ascii") + b"\0" + canonical(value)).digest()


def expand(tag: str, value: Json, bits: int) -> mpz:
    """Return the number that section 2 expands from a seed: ceil(bits / 8) bytes, big-endian."""
    seed, width = tagged_hash(tag, value), -(-bits // 8)
    blocks = (hashlib.sha256(seed + counter.to_bytes(4, "big")).digest() for counter in range(-(-width // HASH_BYTES)))
    return mpz.from_bytes(b"".join(blocks)[:width], "big")


# --- what people compare

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SHORT_BITS = 125


def short_form(digest: bytes) -> str:
    """Write the first 125 bits of a hash as 25 Crockford characters, in fives joined by hyphens."""
    number = int.from_bytes(digest, "big") >> (8 * len(digest) - SHORT_BITS)
    characters = [CROCKFORD[number >> shift & 31] for shift in range(SHORT_BITS - 5, -1, -5)]
    return "-".join("".join(characters[start : start + 5]) for start in range(0, len(characters), 5))


def voter_number(voter: str) -> str:
    """Return the voter number of section 6, for a voter's key as base64url text."""
    return short_form(tagged_hash("evote/1/voter", {"voter": voter}))
