"""Vectors of bytes: canonical JSON, hashes, numbers, times, codes for people, signatures."""

from collections.abc import Iterator
from typing import Any

from ballots import codec
from ballots.credentials import credential_key, new_code, short_tracker, voter_number
from tests.support import curve
from tests.support.elections import seeded_key
from tests.support.hostile import nested
from tests.vectors.vector import ACCEPT, Vector

M = codec.encode_bytes(codec.digest("manifest", {"example": True}))


def vectors() -> Iterator[Vector]:
    for make in (canonical, hashes, numbers, codes, plain_signatures, strict_signatures):
        yield from make()


def accept(name: str, reason: str, kind: str, **fields: Any) -> Vector:
    return Vector(name, reason, kind, ACCEPT, fields)


def canonical() -> Iterator[Vector]:
    good: dict[str, tuple[str, Any]] = {
        "empty-object": ("an empty object", {}),
        "string": ("a string alone", "text"),
        "largest": ("the largest integer, 2^53 - 1", 2**53 - 1),
        "keys": ("keys in ASCII order, capitals first", {"a": 1, "B": 2, "_": 3, "": 4, "aa": 5, "~": 6}),
        "escapes": ("control characters are escaped in their shortest form, others not at all",
                    "\x00\x01\b\t\n\v\f\r\x1f \x7f\"\\/\u0080\u2028\u2029"),
        "beyond": ("characters beyond the basic plane, and no normalisation", "🗳 é e\u0301 ﷼ \ufeff \uffff"),
        "depth-16": ("nested 16 deep", nested(16)),
        "kinds": ("every kind of value", [{"a": [], "b": {}}, "", 0, True, False]),
    }  # fmt: skip
    for name, (reason, value) in good.items():
        yield accept(f"canonical-{name}", reason, "canonical", bytes=codec.encode_bytes(codec.encode_canonical(value)))
    bad: dict[str, tuple[str, bytes]] = {
        "nothing": ("no bytes at all", b""),
        "newline": ("a newline at the end", b"{}\n"),
        "bom": ("a byte order mark", b"\xef\xbb\xbf{}"),
        "space": ("a space after the colon", b'{"a": 1}'),
        "order": ("keys in another order", b'{"b":1,"a":2}'),
        "duplicate": ("a key twice", b'{"a":1,"a":1}'),
        "duplicate-escaped": ("a key twice, once escaped", b'{"a":1,"\\u0061":2}'),
        "escape-letter": ("a letter escaped", b'"\\u0041"'),
        "escape-slash": ("a slash escaped", b'"\\/"'),
        "escape-capital": ("an escape with capital digits", b'"\\u001F"'),
        "escape-long": ("a newline escaped by its number", b'"\\u000a"'),
        "surrogate-high": ("half of a surrogate pair", b'"\\ud83d"'),
        "surrogate-low": ("the other half", b'["\\udcb0"]'),
        "surrogate-key": ("half of a surrogate pair in a key", b'{"\\ud83d":1}'),
        "utf8": ("bytes that are not UTF-8", b'"\xff"'),
        "utf8-surrogate": ("a surrogate in UTF-8", b'"\xed\xa0\xbd"'),
        "utf8-overlong": ("an overlong form", b'"\xc0\xaf"'),
        "key-not-ascii": ("a key that is not ASCII", '{"ä":1}'.encode()),
        "float": ("a float, though whole", b"1.0"),
        "exponent": ("an exponent", b"1e2"),
        "negative": ("a negative integer", b"-1"),
        "minus-zero": ("minus zero", b"-0"),
        "leading-zero": ("a leading zero", b"01"),
        "too-large": ("2^53", b"9007199254740992"),
        "huge": ("an integer of a thousand digits", b"1" + b"0" * 999),
        "null": ("null", b"[null]"),
        "nan": ("not a number", b"NaN"),
        "depth-17": ("nested 17 deep", b"[" * 17 + b"]" * 17),
        "depth-17-objects": ("objects nested 17 deep", b'{"a":' * 16 + b"{}" + b"}" * 16),
        "depth-5000": ("nested 5,000 deep", b"[" * 5000 + b"]" * 5000),
        "comma": ("a comma too many", b"[1,]"),
        "two": ("two values", b"{}{}"),
        "control": ("a control character that is not escaped", b'"\x01"'),
    }
    for name, (reason, data) in bad.items():
        yield Vector(f"canonical-{name}", reason, "canonical", "encoding", {"bytes": codec.encode_bytes(data)})


def hashes() -> Iterator[Vector]:
    value = {"b": [1, 'ä\n"\\\u2028', True, 2**53 - 1], "a": "۱۲۳ 🗳", "": {}}
    digest = codec.encode_bytes(codec.digest("example", value))
    yield accept("digest", "a hash of nested values", "digest", tag="evote/1/example", value=value, digest=digest)
    empty = codec.encode_bytes(codec.digest("", []))
    yield accept("digest-empty-tag", "a tag of its prefix only", "digest", tag="evote/1/", value=[], digest=empty)
    other = codec.encode_bytes(codec.digest("cast", value))
    fields = {"tag": "evote/1/example", "value": value, "digest": other}
    yield Vector("digest-other-tag", "the hash under another tag", "digest", "encoding", fields)
    for name, text in (("1-23", ["1,23"]), ("1-2-3", ["1", "23"])):
        digest = codec.encode_bytes(codec.digest("example", text))
        yield accept(f"digest-list-{name}", "lists that careless joining would confuse", "digest",
                     tag="evote/1/example", value=text, digest=digest)  # fmt: skip
    for bits in (1, 8, 9, 255, 256, 257, 640, 2048):
        number = codec.encode_number(codec.expand("example", {"i": 1}, bits), -(-bits // 8))
        yield accept(f"expand-{bits}", f"{bits} bits: whole bytes are taken", "expand",
                     tag="evote/1/example", value={"i": 1}, bits=bits, number=number)  # fmt: skip


def numbers() -> Iterator[Vector]:
    for name, value, width in (("zero", 0, 1), ("one", 1, 4), ("two-bytes", 65535, 2), ("four", 2**31, 4)):
        text = codec.encode_number(value, width)
        yield accept(f"number-{name}", f"{value} in {width} bytes", "number", text=text, width=width)
    bad = {
        "wide": ("a byte too wide", "AAAAAA", 3), "narrow": ("a byte too narrow", "AAA", 3),
        "padding": ("padding", "AAA=", 2), "stray-bits": ("stray bits at the end", "AAB", 2),
        "base64": ("the alphabet of plain base64", "+/AA", 3), "newline": ("a newline inside", "AA\nA", 3),
        "space": ("a space", "AA A", 3), "empty": ("nothing", "", 1), "letter": ("a letter beyond ASCII", "AAAé", 3),
        "length-1": ("a length that no bytes have", "AAAAA", 4),
    }  # fmt: skip
    for name, (reason, text, width) in bad.items():
        yield Vector(f"number-{name}", reason, "number", "encoding", {"text": text, "width": width})
    yield accept("challenge", "32 lower-case hex digits", "challenge", text="00ff" * 8)
    for name, reason, text in (
        ("capital", "capital digits", "00FF" * 8), ("short", "31 digits", "0" * 31), ("long", "33 digits", "0" * 33),
        ("prefix", "a prefix", "0x" + "0" * 30), ("newline", "a newline after it", "0" * 32 + "\n"),
    ):  # fmt: skip
        yield Vector(f"challenge-{name}", reason, "challenge", "encoding", {"text": text})
    yield accept("time", "a leap day", "time", text="2028-02-29T23:59:59Z")
    for name, reason, text in (
        ("no-leap-day", "a day that does not exist", "2027-02-29T00:00:00Z"),
        ("hour-24", "an hour that does not exist", "2027-01-01T24:00:00Z"),
        ("leap-second", "a leap second", "2026-12-31T23:59:60Z"),
        ("lower-case", "lower-case letters", "2027-01-01t00:00:00z"),
        ("offset", "an offset instead of Z", "2027-01-01T00:00:00+00:00"),
        ("fraction", "a fraction of a second", "2027-01-01T00:00:00.5Z"),
        ("digits", "digits that are not ASCII", "۲۰۲۷-01-01T00:00:00Z"),
        ("newline", "a newline after it", "2027-01-01T00:00:00Z\n"),
    ):
        yield Vector(f"time-{name}", reason, "time", "encoding", {"text": text})


def codes() -> Iterator[Vector]:
    code = new_code(codec.expand("example", {"code": 1}, 104) >> 4)
    voter = credential_key(code, codec.decode_bytes(M, 32)).public
    typed = {
        "printed": ("as printed", code), "lower": ("lower case", code.lower()),
        "spaces": ("spaces instead of hyphens", code.replace("-", " ")), "bare": ("no hyphens", code.replace("-", "")),
    }  # fmt: skip
    for name, (reason, text) in typed.items():
        yield accept(f"credential-{name}", reason, "credential", code=text, manifest=M, voter=voter)
    alike = new_code(32**19 + 1)
    for name, text in (("i", alike.replace("1", "i")), ("l", alike.replace("1", "L")), ("o", alike.replace("0", "O"))):
        voter_alike = credential_key(alike, codec.decode_bytes(M, 32)).public
        yield accept(f"credential-{name}", f"{name} for a digit that looks like it", "credential",
                     code=text, manifest=M, voter=voter_alike)  # fmt: skip
    plain = code.replace("-", "")
    other = "2" if plain[7] != "2" else "3"
    place = next(i for i in range(20) if plain[i] != plain[i + 1])
    bad = {
        "substitution": ("one character is wrong", plain[:7] + other + plain[8:]),
        "transposition": ("two neighbours change places",
                          plain[:place] + plain[place + 1] + plain[place] + plain[place + 2 :]),
        "check": ("the last check character is wrong", plain[:-1] + ("2" if plain[-1] != "2" else "3")),
        "short": ("a character is missing", plain[:-1]), "long": ("a character too many", plain + "0"),
        "u": ("a letter that no code has", plain[:-1] + "U"), "empty": ("nothing typed", ""),
    }  # fmt: skip
    for name, (reason, text) in bad.items():
        fields = {"code": text, "manifest": M, "voter": voter}
        yield Vector(f"credential-{name}", reason, "credential", "credential", fields)
    fields = {"code": code, "manifest": codec.encode_bytes(bytes(32)), "voter": voter}
    yield Vector("credential-other-election", "the code in another election", "credential", "credential", fields)
    tracker = codec.encode_bytes(codec.digest("ballot", {"example": True}))
    names = {"short": short_tracker(tracker), "number": voter_number(voter)}
    yield accept("names", "a tracker and a voter number as people see them", "names",
                 tracker=tracker, voter=voter, **names)  # fmt: skip


KEY = seeded_key("vectors")
VALUE = {"tracker": codec.encode_bytes(codec.digest("ballot", {}))}
MESSAGE = codec.digest("cast", VALUE)


def signed(public: bytes, signature: bytes, **changes: Any) -> dict[str, Any]:
    texts = {"public": codec.encode_bytes(public), "signature": codec.encode_bytes(signature)}
    return {"tag": "evote/1/cast", "value": VALUE, **texts, **changes}


def plain_signatures() -> Iterator[Vector]:
    public, good = KEY.public_bytes, KEY.sign_bytes(MESSAGE)
    yield Vector("signature", "a signature by RFC 8032 over the hash", "signature", ACCEPT, signed(public, good))
    scalar = 8 * 987654321
    other = curve.encode(curve.multiply(scalar, curve.BASE))
    encoded_r = curve.encode(curve.multiply(77, curve.BASE))
    made = curve.sign_with(scalar, 77, encoded_r, other, MESSAGE)
    yield Vector("signature-any-scalar", "a key of prime order with a scalar that no seed gives", "signature", ACCEPT,
                 signed(other, made))  # fmt: skip
    bad = {
        "other-tag": ("over another tag", signed(public, good, tag="evote/1/open")),
        "other-value": ("over another value", signed(public, good, value={"tracker": ""})),
        "other-key": ("by another key", signed(seeded_key("other").public_bytes, good)),
        "flipped": ("one bit is flipped", signed(public, bytes([good[0] ^ 1]) + good[1:])),
        "zero": ("64 zero bytes", signed(public, bytes(64))),
        "over-text": ("over the hash as text", signed(public, KEY.sign_bytes(MESSAGE.hex().encode()))),
    }  # fmt: skip
    for name, (reason, fields) in bad.items():
        yield Vector(f"signature-{name}", reason, "signature", "signature", fields)


def strict_signatures() -> Iterator[Vector]:
    """Yield what lax libraries accept."""
    public, good, scalar = KEY.public_bytes, KEY.sign_bytes(MESSAGE), curve.secret_scalar(KEY.seed)
    torsion = curve.small_order_points()

    def refuse(name: str, reason: str, key: bytes, signature: bytes) -> Vector:
        return Vector(f"signature-{name}", reason, "signature", "signature", signed(key, signature))

    larger = int.from_bytes(good[32:], "little") + curve.ORDER
    yield refuse("s-not-reduced", "S plus the group's order", public, good[:32] + larger.to_bytes(32, "little"))
    for name, encoded_r in (
        ("r-not-reduced", (curve.FIELD + 1).to_bytes(32, "little")),
        ("r-minus-zero", (1 | 1 << 255).to_bytes(32, "little")),
    ):  # fmt: skip
        reason = "R is the neutral point in a form that is not canonical; the equation holds"
        yield refuse(name, reason, public, curve.sign_with(scalar, 0, encoded_r, public, MESSAGE))
    shifted = curve.encode(curve.add(curve.multiply(12345, curve.BASE), torsion[1]))
    yield refuse("cofactor", "the equation holds only after multiplying by the cofactor", public,
                 curve.sign_with(scalar, 12345, shifted, public, MESSAGE))  # fmt: skip
    for times, order in ((0, 1), (4, 2), (2, 4), (1, 8)):
        key = curve.encode(torsion[times])
        yield refuse(f"key-order-{order}", f"a public key of order {order}; the equation holds", key, fitting(0, key))
    mixed = curve.encode(curve.add(curve.decode(public), torsion[1]))
    yield refuse("key-mixed-order", "a key of mixed order; the equation holds", mixed, fitting(scalar, mixed))
    for name, reason, number in (
        ("key-not-reduced", "the neutral key, its y not reduced", curve.FIELD + 1),
        ("key-minus-zero", "the neutral key with the sign of minus zero", 1 | 1 << 255),
        ("key-off-curve", "a key that is not on the curve", next(y for y in range(2, 99) if curve.lift(y, 0) is None)),
    ):
        key = number.to_bytes(32, "little")
        yield refuse(name, reason, key, fitting(0, key))


def fitting(scalar: int, public: bytes) -> bytes:
    """Sign so that R + k·A = S·B holds though A is shifted by a point of small order: k is a multiple of 8."""
    for nonce in range(1, 1000):
        encoded_r = curve.encode(curve.multiply(nonce, curve.BASE))
        if curve.challenge(encoded_r, public, MESSAGE) % 8 == 0:
            return curve.sign_with(scalar, nonce, encoded_r, public, MESSAGE)
    raise AssertionError("no nonce fits")
