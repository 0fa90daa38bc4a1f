"""The roll, and the election that manifest, key and roll fix together (sections 8 and 9)."""

import hashlib
from functools import cache

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballots import codec
from ballots.election import Election, fingerprint, load_election
from ballots.errors import BallotsError, EncodingError, KeyRefused, ManifestError, RecordError
from ballots.manifest import Manifest, parse_manifest
from ballots.roll import RollLine, parse_roll
from tests.support.curve import encode, small_order_points
from tests.support.elections import (
    COUNCIL,
    MAYOR,
    PARKS,
    Simulation,
    make_key_document,
    manifest_fields,
    seeded_key,
    simulate,
)
from tests.support.hostile import HOSTILE_BYTES, hostile_bytes

VOTERS = sorted(seeded_key(f"voter {number}").public for number in range(4))


@cache
def simulation() -> Simulation:
    return simulate((MAYOR, COUNCIL))


@cache
def manifest(top: int = 3) -> Manifest:
    parks = {**PARKS, "top": top}
    fields = manifest_fields([MAYOR, parks], styles={"all": ["mayor", "parks"], "town": ["mayor"]})
    return parse_manifest(codec.encode_canonical(fields), allow_test_keys=True)


def line(voter: str, style: str = "all", weight: int = 1) -> bytes:
    return RollLine(voter, style, weight).encode()


def files() -> tuple[bytes, bytes, bytes]:
    election = simulation().election
    roll = b"".join(one.encode() for one in election.roll.values())
    return election.manifest.encode(), election.key_document.encode(), roll


def load(manifest: bytes, key: bytes, roll: bytes) -> Election:
    return load_election(manifest, key, roll, allow_test_keys=True)


def test_lines_come_back() -> None:
    lines = [RollLine(voter, "all", number + 1) for number, voter in enumerate(VOTERS)]
    assert list(parse_roll([one.encode() for one in lines], manifest())) == lines
    assert lines[0].encode() == codec.encode_canonical(msgspec.to_builtins(lines[0])) + b"\n"
    assert list(parse_roll([], manifest())) == []


@pytest.mark.parametrize(
    ("lines", "error", "reason"),
    [
        ([line(VOTERS[1]), line(VOTERS[0])], RecordError, "Line 2 .* out of order, or a voter stands twice"),
        ([line(VOTERS[0]), line(VOTERS[0])], RecordError, "Line 2 .* out of order, or a voter stands twice"),
        ([line("")], RecordError, "Line 1 .* out of order"),
        ([line(VOTERS[0], "nobody")], RecordError, "unknown ballot style 'nobody'"),
        ([line(VOTERS[0], weight=0)], RecordError, "weight below 1"),
        ([line(VOTERS[0])[:-1]], RecordError, "does not end in a newline"),
        ([line(VOTERS[0])[:-1] + b"\r\n"], EncodingError, "not in canonical form"),
        ([line(VOTERS[0])[:-1] + b" \n"], EncodingError, "not in canonical form"),
        ([b"\n"], EncodingError, "not JSON"),
        ([b"{}\n"], RecordError, "not of its form"),
        ([b"[]\n"], RecordError, "not of its form"),
        ([b'{"style":"all","voter":"x","weight":true}\n'], RecordError, "not of its form"),
        ([b'{"style":"all","voter":"x","weight":1,"x":1}\n'], RecordError, "not of its form"),
        ([b'{"style":"all","voter":"x","weight":1.0}\n'], EncodingError, "not a whole number"),
        ([b'{"style":"all","voter":"x","weight":-1}\n'], EncodingError, "not within"),
    ],
)
def test_bad_rolls(lines: list[bytes], error: type[BallotsError], reason: str) -> None:
    with pytest.raises(error, match=reason) as caught:
        list(parse_roll(lines, manifest()))
    assert caught.type is error


def test_weights_times_the_most_of_a_slot_stay_below_two_to_the_32() -> None:
    for top in (1, 3, 10):
        fits = (2**32 - 1) // top
        list(parse_roll([line(VOTERS[0], weight=fits - 1), line(VOTERS[1])], manifest(top)))
        with pytest.raises(RecordError, match="could overflow its slot"):
            list(parse_roll([line(VOTERS[0], weight=fits), line(VOTERS[1])], manifest(top)))
        with pytest.raises(RecordError, match="could overflow its slot"):
            list(parse_roll([line(VOTERS[0], weight=2**53 - 1)], manifest(top)))


def test_an_election_is_loaded_and_bound_together() -> None:
    election = load(*files())
    assert election.fingerprint == simulation().election.fingerprint
    manifest_bytes, key, roll = files()
    bound = {
        "manifest": codec.encode_bytes(hashlib.sha256(b"evote/1/manifest\x00" + manifest_bytes).digest()),
        "key": codec.encode_bytes(hashlib.sha256(b"evote/1/key\x00" + key).digest()),
        "roll": codec.encode_bytes(hashlib.sha256(roll).digest()),
    }
    assert election.fingerprint == codec.digest("election", bound)
    assert election.fingerprint_text == codec.encode_bytes(election.fingerprint)
    assert list(election.roll) == sorted(voter.key.public for voter in simulation().voters)
    assert set(election.layouts) == {"mayor", "council"}
    assert election.manifest_hash == election.manifest.hash
    assert [one.id for one in election.contests_by_style["all"]] == ["mayor", "council"]


def test_the_fingerprint_changes_with_each_part() -> None:
    one = simulation().election
    other_manifest = msgspec.structs.replace(one.manifest, min_ballots=2)
    other_key = msgspec.structs.replace(one.key_document, share_bits=528)
    prints = {
        fingerprint(one.manifest, one.key_document, one.roll_sha256),
        fingerprint(other_manifest, one.key_document, one.roll_sha256),
        fingerprint(one.manifest, other_key, one.roll_sha256),
        fingerprint(one.manifest, one.key_document, bytes(32)),
    }
    assert len(prints) == 4


@pytest.mark.parametrize("name", ["board", "registrar", "official", "trustee 1", "trustee 3"])
def test_those_who_run_the_election_have_no_vote(name: str) -> None:
    manifest_bytes, key, _ = files()
    with pytest.raises(RecordError, match="also a key of somebody who runs the election"):
        load(manifest_bytes, key, line(seeded_key(name).public))


@pytest.mark.parametrize("voter", ["A" * 43, "x", "é" * 43, codec.encode_bytes(encode(small_order_points()[3]))])
def test_voters_keys_are_sound(voter: str) -> None:
    manifest_bytes, key, _ = files()
    with pytest.raises(RecordError, match="voter's key on the roll is refused"):
        load(manifest_bytes, key, line(voter))


def test_test_keys_must_be_allowed() -> None:
    with pytest.raises(ManifestError, match="modulus_bits"):
        load_election(*files())


def test_a_key_certified_before_is_not_certified_again() -> None:
    manifest_bytes, _, roll = files()
    document, _, _ = make_key_document(simulation().election.manifest)
    broken = msgspec.structs.replace(document, certificate=msgspec.structs.replace(document.certificate, size=[]))
    with pytest.raises(KeyRefused, match="16 size proofs"):
        load(manifest_bytes, broken.encode(), roll)
    load_election(manifest_bytes, broken.encode(), roll, allow_test_keys=True, certified=True)
    foreign = msgspec.structs.replace(document, manifest=codec.encode_bytes(bytes(32)))
    with pytest.raises(KeyRefused, match="made for another manifest"):
        load_election(manifest_bytes, foreign.encode(), roll, allow_test_keys=True, certified=True)


@given(st.integers(0, 2), st.data())
def test_any_changed_file_is_refused_or_changes_the_fingerprint(which: int, data: st.DataObject) -> None:
    changed = list(files())
    changed[which] = data.draw(hostile_bytes(changed[which]))
    try:
        election = load(*changed)
    except BallotsError:
        return
    assert (election.fingerprint == simulation().election.fingerprint) == (tuple(changed) == files())


@pytest.mark.parametrize("data", HOSTILE_BYTES)
@pytest.mark.parametrize("which", range(3))
def test_hostile_bytes(which: int, data: bytes) -> None:
    if which == 2 and data == b"":
        return  # an empty roll is a roll
    changed = list(files())
    changed[which] = data
    with pytest.raises(BallotsError):
        load(*changed)
