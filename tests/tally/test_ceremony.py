import random
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from gmpy2 import mpz

from ballots import codec, threshold
from ballots.errors import TallyError
from ballots.keys import check_key, parse_key
from ballots.manifest import Manifest, parse_manifest
from tally import ceremony
from tally.ceremony import Made, check_made, make_key
from tally.errors import CeremonyError, ForeignShare
from tally.shares import check_share
from tests.support.elections import manifest_fields


@pytest.fixture(scope="module")
def manifest() -> Manifest:
    return parse_manifest(codec.encode_canonical(manifest_fields()), allow_test_keys=True)


@pytest.fixture(scope="module")
def made(manifest: Manifest) -> Made:
    return make_key(manifest, random.Random(11).getrandbits)


def test_the_key_passes_its_checks_and_reads_back(manifest: Manifest, made: Made) -> None:
    document = parse_key(made.key.encode())
    check_key(document, manifest)
    assert document.public.n.bit_length() == manifest.modulus_bits
    assert [trustee.name for trustee in document.trustees] == manifest.trustees.names
    for share in made.shares:
        check_share(share, manifest, document)


def test_the_same_randomness_gives_the_same_key(manifest: Manifest, made: Made) -> None:
    assert make_key(manifest, random.Random(11).getrandbits).key == made.key
    assert make_key(manifest, random.Random(12).getrandbits).key.n != made.key.n


def test_every_step_is_told(manifest: Manifest) -> None:
    steps: list[str] = []
    make_key(manifest, random.Random(13).getrandbits, steps.append)
    assert list(dict.fromkeys(steps)) == [ceremony.PRIME, ceremony.CERTIFY, ceremony.CHECK]


def test_no_secret_shows_in_repr_or_key(made: Made) -> None:
    shown = repr(made) + made.key.encode().decode()
    for share in made.shares:
        assert str(share.share) not in shown
        assert codec.encode_number(share.share, share.share_bits // 8) not in shown
        assert codec.encode_bytes(share.signing_key.seed) not in shown


def test_fewer_than_k_shares_do_not_open(manifest: Manifest, made: Made) -> None:
    """D5: one share of two, taken alone or twice, opens nothing."""
    public = made.key.public
    ciphertext = mpz(public.encrypt(42, 12345))
    context = threshold.PartContext("", 1, 0, "", "")
    part = threshold.make_part(public, context, 3, made.shares[0].share, ciphertext, 512, random.Random(1).getrandbits)
    for values in ({1: part.value}, {1: part.value, 2: part.value}):
        with pytest.raises(TallyError, match="one of them is wrong"):
            threshold.combine_parts(public, ciphertext, values, 3)


def test_a_bad_share_stops_the_ceremony(manifest: Manifest, made: Made) -> None:
    bad = replace(made.shares[2], share=made.shares[2].share + 1)
    with pytest.raises(CeremonyError, match=r"not written.*v\^s"):
        check_made(Made(made.key, (*made.shares[:2], bad)), manifest, random.Random(1).getrandbits)


def test_a_bad_certificate_stops_the_ceremony(manifest: Manifest, made: Made) -> None:
    sizes = [msgspec.structs.replace(made.key.certificate.size[0], A=made.key.n), *made.key.certificate.size[1:]]
    bad = msgspec.structs.replace(made.key, certificate=msgspec.structs.replace(made.key.certificate, size=sizes))
    with pytest.raises(CeremonyError, match="fails its own check"):
        check_made(Made(bad, made.shares), manifest, random.Random(1).getrandbits)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"manifest": "x"}, "made for another election"),
        ({"n": "x"}, "another key of this election"),
        ({"share_bits": 1024}, "another key of this election"),
        ({"trustee": 2}, "whom the key does not know"),
        ({"trustee": 0}, "whom the key does not know"),
        ({"name": "Somebody"}, "whom the key does not know"),
        ({"share": 5}, "does not fit the key"),
    ],
)
def test_a_foreign_share_is_refused(manifest: Manifest, made: Made, changes: dict[str, Any], expected: str) -> None:
    with pytest.raises(ForeignShare, match=expected):
        check_share(replace(made.shares[0], **changes), manifest, made.key)


def test_another_trustees_signing_key_is_refused(manifest: Manifest, made: Made) -> None:
    swapped = replace(made.shares[0], signing_key=made.shares[1].signing_key)
    with pytest.raises(ForeignShare, match="signing key"):
        check_share(swapped, manifest, made.key)
