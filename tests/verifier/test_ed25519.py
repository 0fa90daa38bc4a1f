import gmpy2
import pytest
from gmpy2 import mpz

from tests.verifier.forge.bytes import Signer
from verifier import ed25519
from verifier.codec import decode_bytes, encode_bytes
from verifier.errors import Malformed, Refused


def compress(point: ed25519.Extended) -> str:
    inverse = gmpy2.invert(point[2], ed25519.FIELD)
    x, y = point[0] * inverse % ed25519.FIELD, point[1] * inverse % ed25519.FIELD
    return encode_bytes(int(y | ((x & 1) << 255)).to_bytes(32, "little"))


def decompress(key: str) -> ed25519.Extended:
    return ed25519._extended(ed25519._decompress(decode_bytes(key, 32)))


def order_eight() -> ed25519.Extended:
    for y in range(2, 100):
        try:
            point = ed25519._times(decompress(encode_bytes(y.to_bytes(32, "little"))), int(ed25519.ORDER))
        except Malformed:
            continue
        if not ed25519._is_neutral(ed25519._times(point, 4)):
            return point
    raise AssertionError


@pytest.fixture(scope="module")
def good() -> list[str]:
    return [Signer(f"key {number}").public for number in range(100)]


def test_honest_keys_are_good(good: list[str]) -> None:
    assert ed25519.faulty_keys(good) == {}
    assert ed25519.faulty_keys(good[:5]) == {}


@pytest.mark.parametrize("multiple", range(8))
@pytest.mark.parametrize("mixed", [False, True])
def test_small_and_mixed_order(multiple: int, mixed: bool, good: list[str]) -> None:
    point = ed25519._times(order_eight(), multiple)
    if mixed:
        point = ed25519._add(point, decompress(good[0]))
    faults = ed25519.faulty_keys([compress(point)])
    assert bool(faults) != (mixed and multiple == 0)


def test_two_torsion_parts_that_cancel_are_named_in_a_crowd(good: list[str]) -> None:
    torsion = order_eight()
    crowd = list(good)
    crowd[17] = compress(ed25519._add(decompress(good[17]), torsion))
    crowd[70] = compress(ed25519._add(decompress(good[70]), ed25519._times(torsion, 7)))
    assert set(ed25519.faulty_keys(crowd)) == {17, 70}


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ((2**255 - 19 + 1).to_bytes(32, "little"), "canonical"),
        ((2**255 - 1).to_bytes(32, "little"), "canonical"),
        ((1 + 2**255).to_bytes(32, "little"), "sign on x = 0"),
        ((1).to_bytes(32, "little"), "neutral"),
        ((2).to_bytes(32, "little"), "no point"),
        ((2**255 - 20).to_bytes(32, "little"), "prime order"),
    ],
)
def test_refuses_keys(raw: bytes, said: str) -> None:
    assert said in ed25519.faulty_keys([encode_bytes(raw)])[0]


def test_refuses_what_is_no_key() -> None:
    assert set(ed25519.faulty_keys(["", "A" * 42, "!" * 43])) == {0, 1, 2}


def test_signature() -> None:
    signer = Signer("one")
    signature = signer.sign("cast", {"a": 1})
    ed25519.verify(signer.public, "evote/1/cast", {"a": 1}, signature)
    for tag, value, key in [
        ("evote/1/open", {"a": 1}, signer.public),
        ("evote/1/cast", {"a": 2}, signer.public),
        ("evote/1/cast", {"a": 1}, Signer("two").public),
    ]:
        with pytest.raises(Refused):
            ed25519.verify(key, tag, value, signature)


def test_s_must_be_below_the_order() -> None:
    signer = Signer("one")
    raw = decode_bytes(signer.sign("cast", {}), 64)
    s = int.from_bytes(raw[32:], "little") + int(ed25519.ORDER)
    with pytest.raises(Refused, match="order"):
        ed25519.verify(signer.public, "evote/1/cast", {}, encode_bytes(raw[:32] + s.to_bytes(32, "little")))


def test_the_neutral_key_signs_nothing() -> None:
    neutral = encode_bytes((1).to_bytes(32, "little"))
    forged = encode_bytes((1).to_bytes(32, "little") + bytes(32))
    with pytest.raises(Refused, match="prime order"):
        ed25519.verify(neutral, "evote/1/cast", {}, forged)


def test_addition_is_complete() -> None:
    point = decompress(Signer("one").public)
    doubled = ed25519._add(point, point)
    minus = (-point[0] % ed25519.FIELD, point[1], point[2], -point[3] % ed25519.FIELD)
    assert ed25519._is_neutral(ed25519._add(point, minus))
    assert compress(ed25519._add(doubled, minus)) == compress(point)
    assert compress(ed25519._times(point, 5)) == compress(ed25519._add(doubled, ed25519._add(doubled, point)))
    assert ed25519._is_neutral(ed25519._times(point, int(ed25519.ORDER)))
    assert mpz(ed25519.ORDER).bit_length() == 253
