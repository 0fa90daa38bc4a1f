"""Ed25519 by the strict rules of section 2: one key, one spelling; one signature, one meaning."""

import hashlib
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ballots import codec, signatures
from ballots.errors import SignatureRefused
from ballots.signatures import SigningKey
from tests.support import curve
from tests.support.elections import seeded_key

KEY = seeded_key("somebody")
MESSAGE = codec.digest("cast", {"tracker": "x"})


@cache
def torsion() -> list[curve.Point]:
    return curve.small_order_points()


def refuse(public: bytes, signature: bytes, match: str) -> None:
    with pytest.raises(SignatureRefused, match=match):
        signatures.verify(codec.encode_bytes(public), "cast", {"tracker": "x"}, codec.encode_bytes(signature))


@given(st.binary(min_size=32, max_size=32), st.text(st.characters(exclude_categories=["Cs"])))
def test_a_signature_fits_its_key_tag_and_value_only(seed: bytes, text: str) -> None:
    key = SigningKey.from_seed(seed)
    assert key.seed == seed
    signature = key.sign("cast", {"tracker": text})
    signatures.verify(key.public, "cast", {"tracker": text}, signature)
    for public, tag, value in (
        (KEY.public, "cast", {"tracker": text}),
        (key.public, "open", {"tracker": text}),
        (key.public, "cast", {"tracker": text + "."}),
    ):
        with pytest.raises(SignatureRefused, match="does not fit"):
            signatures.verify(public, tag, value, signature)


def test_signatures_are_rfc_8032_over_the_hash() -> None:
    expected = Ed25519PrivateKey.from_private_bytes(KEY.seed).sign(hashlib.sha256(b"evote/1/open\x00{}").digest())
    assert KEY.sign("open", {}) == codec.encode_bytes(expected)
    scalar = curve.secret_scalar(KEY.seed)
    assert curve.encode(curve.multiply(scalar, curve.BASE)) == KEY.public_bytes


@given(st.integers(0, 511), st.booleans())
def test_any_flipped_bit_is_refused(bit: int, of_key: bool) -> None:
    signature, public = bytearray(KEY.sign_bytes(MESSAGE)), bytearray(KEY.public_bytes)
    changed = public if of_key else signature
    changed[bit // 8 % len(changed)] ^= 1 << bit % 8
    with pytest.raises(SignatureRefused):
        signatures.verify(
            codec.encode_bytes(bytes(public)), "cast", {"tracker": "x"}, codec.encode_bytes(bytes(signature))
        )


def test_the_secret_is_not_shown() -> None:
    assert codec.encode_bytes(KEY.seed) not in repr(KEY)
    assert str(KEY.seed) not in repr(KEY)
    assert KEY.public in repr(KEY)


@pytest.mark.parametrize("text", ["", "A" * 42, "A" * 44, "=" * 43, "é" * 43, None, 7, ["A" * 43], True])
def test_malformed_keys_and_signatures_are_refused(text: object) -> None:
    with pytest.raises(SignatureRefused, match="public key is malformed"):
        signatures.check_public_key(text)
    with pytest.raises(SignatureRefused, match="signature is malformed"):
        signatures.verify(KEY.public, "cast", {}, text)


@pytest.mark.parametrize("times", range(8))
def test_keys_of_small_order_are_refused_though_they_verify(times: int) -> None:
    public = curve.encode(torsion()[times])
    # With a public key of small order T, R = S·B − k·T fits for anybody who tries a few nonces.
    for nonce in range(1, 60):
        encoded_r = curve.encode(curve.multiply(nonce, curve.BASE))
        if curve.challenge(encoded_r, public, MESSAGE) % 8 == 0:
            break
    signature = curve.sign_with(0, nonce, encoded_r, public, MESSAGE)
    signatures.verify_bytes(public, MESSAGE, signature)
    refuse(public, signature, "not a canonical Ed25519 key of prime order")


@pytest.mark.parametrize("times", range(1, 8))
def test_keys_of_mixed_order_are_refused_though_they_verify(times: int) -> None:
    scalar = curve.secret_scalar(KEY.seed)
    mixed = curve.add(curve.decode(KEY.public_bytes), torsion()[times])
    public = curve.encode(mixed)
    for nonce in range(1, 60):
        encoded_r = curve.encode(curve.multiply(nonce, curve.BASE))
        if curve.challenge(encoded_r, public, MESSAGE) % 8 == 0:
            break
    signature = curve.sign_with(scalar, nonce, encoded_r, public, MESSAGE)
    signatures.verify_bytes(public, MESSAGE, signature)
    refuse(public, signature, "of prime order")


@pytest.mark.parametrize("y", [0, 1, 2, 3, 4, 5, 6, 9, 10, 14, 15, 16, 18])
@pytest.mark.parametrize("sign", [0, 1])
def test_keys_whose_y_is_not_reduced_are_refused(y: int, sign: int) -> None:
    public = (y + curve.FIELD | sign << 255).to_bytes(32, "little")
    with pytest.raises(SignatureRefused):
        signatures.check_public_key(codec.encode_bytes(public))


def test_keys_with_minus_zero_or_off_the_curve_are_refused() -> None:
    off_the_curve = next(y for y in range(2, 20) if curve.lift(y, 0) is None)
    for public in ((1 | 1 << 255), (curve.FIELD - 1 | 1 << 255), off_the_curve):
        with pytest.raises(SignatureRefused):
            signatures.check_public_key(codec.encode_bytes(public.to_bytes(32, "little")))


def test_an_s_that_is_not_reduced_is_refused() -> None:
    signature = KEY.sign_bytes(MESSAGE)
    answer = int.from_bytes(signature[32:], "little") + curve.ORDER
    while answer < 1 << 256:
        refuse(KEY.public_bytes, signature[:32] + answer.to_bytes(32, "little"), "does not fit")
        answer += curve.ORDER


def test_an_r_that_is_not_canonical_is_refused() -> None:
    scalar = curve.secret_scalar(KEY.seed)
    for encoded_r in ((curve.FIELD + 1).to_bytes(32, "little"), (1 | 1 << 255).to_bytes(32, "little")):
        # Both decode to the neutral point, which is 0·B: the equation holds, the bytes differ.
        refuse(KEY.public_bytes, curve.sign_with(scalar, 0, encoded_r, KEY.public_bytes, MESSAGE), "does not fit")


@pytest.mark.parametrize("times", range(1, 8))
def test_an_r_that_holds_only_with_the_cofactor_is_refused(times: int) -> None:
    scalar = curve.secret_scalar(KEY.seed)
    shifted = curve.encode(curve.add(curve.multiply(12345, curve.BASE), torsion()[times]))
    refuse(KEY.public_bytes, curve.sign_with(scalar, 12345, shifted, KEY.public_bytes, MESSAGE), "does not fit")


def test_a_key_of_prime_order_passes() -> None:
    scalar = 8 * 987654321
    public = curve.encode(curve.multiply(scalar, curve.BASE))
    encoded_r = curve.encode(curve.multiply(77, curve.BASE))
    signature = curve.sign_with(scalar, 77, encoded_r, public, MESSAGE)
    signatures.verify(codec.encode_bytes(public), "cast", {"tracker": "x"}, codec.encode_bytes(signature))
