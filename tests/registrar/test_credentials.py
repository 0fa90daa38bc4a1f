import hashlib
import random
from collections.abc import Callable

import pytest

from ballots import codec, signatures
from ballots.credentials import credential_key, voter_number
from ballots.errors import SignatureRefused
from ballots.manifest import Manifest
from ballots.roll import parse_roll
from ballots.signatures import SigningKey
from evote.registrar import credentials
from evote.registrar.errors import KeyProblem, RegistrarError, VoterListError
from evote.registrar.voters import Voter

F = codec.encode_bytes(b"\x09" * 32)


def voters(count: int, weight: int = 1) -> list[Voter]:
    return [Voter(f"v{index}", f"v{index}@x.org", "all", weight) for index in range(count)]


def test_the_roll_is_in_order_signed_and_made_of_the_codes(manifest: Manifest, registrar: SigningKey) -> None:
    made = list(credentials.make_credentials(voters(20), manifest, random.Random(1).getrandbits))
    roll = credentials.make_roll(made, manifest)
    lines = list(parse_roll(roll.splitlines(keepends=True), manifest))
    assert [line.voter for line in lines] == sorted(one.public for one in made)
    for one in made:
        assert credential_key(one.code.lower(), manifest.hash).public == one.public
        assert one.number == voter_number(one.public)
        assert one.code not in repr(one)
    statement = credentials.sign_roll(roll, manifest, registrar)
    assert statement.voters == 20
    assert statement.sha256 == codec.encode_bytes(hashlib.sha256(roll).digest())
    signed = {"manifest": manifest.hash_text, "sha256": statement.sha256}
    signatures.verify(manifest.registrar_key, "roll", signed, statement.signature)
    with pytest.raises(SignatureRefused):
        signatures.verify(manifest.registrar_key, "strike", signed, statement.signature)


def test_another_registrar_is_refused(manifest: Manifest) -> None:
    with pytest.raises(KeyProblem, match="names another registrar"):
        credentials.check_registrar(manifest, SigningKey.from_seed(b"\x77" * 32))


def test_broken_randomness_is_refused(manifest: Manifest) -> None:
    made = list(credentials.make_credentials(voters(2), manifest, lambda bits: 7))
    with pytest.raises(RegistrarError, match="randomness is broken"):
        credentials.make_roll(made, manifest)


def test_weights_that_overflow_a_total_are_refused(make_manifest: Callable[..., Manifest]) -> None:
    manifest = make_manifest()
    made = list(credentials.make_credentials(voters(2, 2**31), manifest, random.Random(2).getrandbits))
    with pytest.raises(VoterListError) as caught:
        credentials.make_roll(made, manifest)
    assert "overflow" in str(caught.value.problems[0])


def test_replace_and_strike_are_signed_over_the_election(manifest: Manifest, registrar: SigningKey) -> None:
    replaced = credentials.sign_replace(F, "old", "new", registrar)
    assert list(replaced) == ["old", "new", "signature"]
    named = {"election": F, "old": "old", "new": "new"}
    signatures.verify(manifest.registrar_key, "replace", named, replaced["signature"])
    struck = credentials.sign_strike(F, "old", registrar)
    assert list(struck) == ["voter", "signature"]
    signatures.verify(manifest.registrar_key, "strike", {"election": F, "voter": "old"}, struck["signature"])
