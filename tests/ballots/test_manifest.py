"""The manifest's bounds (section 9): each is tried at its edge and one step beyond."""

import copy
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballots import codec
from ballots.definition import most_per_slot
from ballots.errors import BallotsError, EncodingError, ManifestError
from ballots.manifest import Manifest, majority_rules, parse_manifest, slots_of
from tests.support.curve import encode as encode_point
from tests.support.curve import small_order_points
from tests.support.elections import (
    COUNCIL,
    EVERY_KIND,
    MAYOR,
    MONEY,
    ORDER,
    PARKS,
    contest,
    manifest_fields,
    option,
    seeded_key,
)
from tests.support.hostile import HOSTILE_BYTES, hostile_bytes, hostile_documents, loose_bytes

GOOD = manifest_fields(EVERY_KIND, observers=[{"name": "Olga", "key": seeded_key("observer").public}])
REFERENDUM = contest(
    "law", "choose", ["yes", "no", "blank"],
    {"name": "majority", "percent": 50, "turnout_percent": 25, "of": "yes"}, min=1, max=1,
)  # fmt: skip


def parse(fields: Any, *, allow_test_keys: bool = True) -> Manifest:
    return parse_manifest(loose_bytes(fields), allow_test_keys=allow_test_keys)


def with_contest(base: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return manifest_fields([{**base, **changes}])


def options(count: int) -> list[dict[str, Any]]:
    return [option(f"option{number}") for number in range(count)]


def test_a_manifest_comes_back() -> None:
    manifest = parse(GOOD)
    assert manifest.encode() == codec.encode_canonical(GOOD)
    assert manifest.hash == codec.digest("manifest", GOOD)
    assert manifest.hash_text == codec.encode_bytes(manifest.hash)
    assert [one.id for one in manifest.contests_of("all")] == GOOD["styles"]["all"]
    assert manifest.contest("mayor").option_ids == ("ada", "ben", "cyd")
    with pytest.raises(ManifestError, match="no contest 'nobody'"):
        manifest.contest("nobody")
    with pytest.raises(ManifestError, match="no ballot style 'none'"):
        manifest.contests_of("none")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"version": 2}, "version"),
        ({"version": True}, "version"),
        ({"id": "7C3B1F52-4F6E-4F0B-9A53-0D5A3E0F8A11"}, "UUID in lower case"),
        ({"id": "7c3b1f524f6e4f0b9a530d5a3e0f8a11"}, "UUID in lower case"),
        ({"id": "../../etc/passwd"}, "UUID"),
        ({"title": {}}, "title"),
        ({"title": "A test"}, "title"),
        ({"title": {"en": 5}}, "title"),
        ({"contests": []}, "at least one contest"),
        ({"contests": [MAYOR, MAYOR]}, "contest id stands twice: mayor"),
        ({"styles": {}}, "at least one ballot style"),
        ({"styles": {"all": []}}, "has no contest"),
        ({"styles": {"all": ["nobody"]}}, "names a contest that does not exist"),
        ({"styles": {"all": ["mayor", "mayor"]}}, "stands twice"),
        ({"opens_at": "2026-03-01"}, "opens_at and closes_at must be times"),
        ({"closes_at": "2026-02-30T00:00:00Z"}, "opens_at and closes_at must be times"),
        ({"closes_at": GOOD["opens_at"]}, "closes_at must be later"),
        ({"closing": "never"}, "closing"),
        ({"trustees": {"total": 0, "threshold": 0, "names": []}}, "1 to 64 trustees"),
        ({"trustees": {"total": 65, "threshold": 33, "names": ["x"] * 65}}, "1 to 64 trustees"),
        ({"trustees": {"total": 3, "threshold": 4, "names": ["a", "b", "c"]}}, "larger than the number"),
        ({"trustees": {"total": 4, "threshold": 2, "names": ["a", "b", "c", "d"]}}, "more than half"),
        ({"trustees": {"total": 1, "threshold": 0, "names": ["a"]}}, "more than half"),
        ({"trustees": {"total": 3, "threshold": 2, "names": ["a", "b"]}}, "one name for each"),
        ({"observers": [{"name": "O", "key": seeded_key("board").public}]}, "signing key stands twice"),
        ({"board_key": seeded_key("official").public}, "signing key stands twice"),
        ({"board_key": "A" * 43}, "refused"),
        ({"board_key": ""}, "refused"),
        ({"registrar_key": codec.encode_bytes(encode_point(small_order_points()[1]))}, "prime order"),
        ({"min_ballots": 0}, "min_ballots"),
        ({"min_ballots": True}, "min_ballots"),
        ({"modulus_bits": 240}, "modulus_bits"),
        ({"modulus_bits": 504}, "modulus_bits"),
        ({"modulus_bits": 16_400}, "modulus_bits"),
        ({"log_origin": ""}, "log_origin"),
        ({"log_origin": "vote.example test"}, "log_origin"),
        ({"log_origin": "vote.example+test"}, "log_origin"),
        ({"log_origin": "vote.example\u2003test"}, "log_origin"),
        ({"log_origin": "vote.example\ntest"}, "log_origin"),
        ({"log_origin": "vote.example\u0000"}, "log_origin"),
        ({"booth": {"index.html": "A" * 42}}, "index.html"),
        ({"booth": {"index.html": 5}}, "booth"),
        ({"extra": 1}, "extra"),
    ],
)  # fmt: skip
def test_bounds_of_the_whole(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(ManifestError, match=reason):
        parse(manifest_fields(**changes))


def test_other_edges_of_the_whole_are_accepted() -> None:
    names = [str(number) for number in range(64)]
    parse(manifest_fields(trustees={"total": 64, "threshold": 33, "names": names}))
    parse(manifest_fields(trustees={"total": 1, "threshold": 1, "names": ["alone"]}))
    parse(manifest_fields(modulus_bits=256))
    parse(manifest_fields(modulus_bits=16_384), allow_test_keys=False)
    parse(manifest_fields(description={}, booth={"a/b.js": codec.encode_bytes(bytes(32))}))


def test_short_moduli_are_for_tests_only() -> None:
    parse(manifest_fields(modulus_bits=2048), allow_test_keys=False)
    with pytest.raises(ManifestError, match="modulus_bits must be a multiple of 16, 2048 to"):
        parse(manifest_fields(modulus_bits=2032), allow_test_keys=False)


@pytest.mark.parametrize("name", sorted(GOOD))
def test_no_field_may_be_missing(name: str) -> None:
    with pytest.raises(ManifestError, match=name):
        parse({key: value for key, value in GOOD.items() if key != name})


@pytest.mark.parametrize(
    ("base", "changes", "reason"),
    [
        (MAYOR, {"options": []}, "too few options"),
        (ORDER, {"options": [option("x")]}, "too few options"),
        (MAYOR, {"options": [option("ada"), option("ada")]}, "same id"),
        (MAYOR, {"options": [option("ada"), option("")]}, "empty id"),
        (MAYOR, {"id": "", "title": {"en": "x"}}, "empty id"),
        (MAYOR, {"abstain": "nobody"}, "abstain"),
        (MAYOR, {"title": {}}, "no title"),
        (MAYOR, {"options": [{**option("ada"), "label": {}}]}, "no label"),
        (MAYOR, {"options": [{**option("ada"), "media": {"photo.jpg": "x"}}]}, "photo.jpg"),
        (MAYOR, {"options": [{**option("ada"), "age": 5}]}, "age"),
        (MAYOR, {"kind": "lottery"}, "lottery"),
        (MAYOR, {"top": 1}, "top"),
        (MAYOR, {"min": 2, "max": 1}, "min ≤ max"),
        (MAYOR, {"min": 0, "max": 4}, "min ≤ max"),
        (MAYOR, {"min": False}, "min"),
        (PARKS, {"top": 0}, "top must be at least 1"),
        (PARKS, {"top": 2**32}, "top"),
        (PARKS, {"top": 65_535 // 2 + 1}, "65536 proof branches|65538 proof branches"),
        (MONEY, {"points": 0}, "points must be at least 1"),
        (MONEY, {"points": 2**32}, "points"),
        (ORDER, {"ties": 1}, "ties"),
        (ORDER, {"abstain": "x", "rule": {"name": "plurality", "seats": 1}}, "a ranking needs"),
        (MAYOR, {"rule": {"name": "schulze", "seats": 1}}, "need a ranking"),
        (MAYOR, {"rule": {"name": "dice", "seats": 1}}, "dice"),
        (MAYOR, {"rule": {"name": "plurality", "seats": 0}}, "seats"),
        (MAYOR, {"rule": {"name": "plurality", "seats": 4}}, "seats"),
        (MAYOR, {"rule": {"name": "plurality", "seats": 1, "extra": 1}}, "extra"),
        (ORDER, {"rule": {"name": "borda", "seats": 4}}, "seats"),
        (MONEY, {"rule": {"name": "budget", "budget": 9, "costs": [5]}}, "one cost for each"),
        (PARKS, {"rule": REFERENDUM["rule"]}, "majority needs"),
        (REFERENDUM, {"rule": {**REFERENDUM["rule"], "of": "maybe"}}, "does not exist"),
        (REFERENDUM, {"abstain": "yes"}, "cannot be the abstention"),
        (REFERENDUM, {"rule": {**REFERENDUM["rule"], "percent": 101}}, "percents"),
        (REFERENDUM, {"rule": {**REFERENDUM["rule"], "turnout_percent": 101}}, "percents"),
        (COUNCIL, {"options": options(22_000), "max": 21_999}, "proof branches"),
    ],
)  # fmt: skip
def test_bounds_of_a_contest(base: dict[str, Any], changes: dict[str, Any], reason: str) -> None:
    fields = with_contest(base, **changes)
    with pytest.raises(ManifestError, match=reason):
        parse(fields)


@pytest.mark.parametrize(
    ("base", "changes"),
    [
        (MAYOR, {"min": 0, "max": 0}),
        (MAYOR, {"min": 3, "max": 3, "abstain": "cyd"}),
        (MAYOR, {"options": [option("ada")], "min": 1, "max": 1}),
        (MAYOR, {"rule": {"name": "plurality", "seats": 3}}),
        (PARKS, {"top": 32_767}),
        (MONEY, {"points": 2**32 - 1}),
        (MONEY, {"points": 1}),
        (MONEY, {"rule": {"name": "budget", "budget": 0, "costs": [0, 2**53 - 1]}}),
        (REFERENDUM, {"abstain": "blank", "rule": {**REFERENDUM["rule"], "percent": 0, "turnout_percent": 100}}),
    ],
)  # fmt: skip
def test_other_edges_of_a_contest_are_accepted(base: dict[str, Any], changes: dict[str, Any]) -> None:
    parse(with_contest(base, **changes))


def test_quorum_and_signers() -> None:
    # ⌈(G+k)/2⌉ with G = trustees + observers (section 8): 2 of 3 alone needs all three, two observers make it 4 of 5.
    observers = [{"name": name, "key": seeded_key(name).public} for name in ("Olga", "Omar")]
    assert parse(manifest_fields()).quorum == 3
    manifest = parse(manifest_fields(observers=observers))
    assert manifest.quorum == 4
    assert len(manifest.signing_keys) == 5


def test_what_one_ballot_adds_to_a_slot() -> None:
    most = [most_per_slot(one) for one in parse(GOOD).contests]
    assert most == [1, 1, 3, 5, 1, 1]


def test_slots_are_capped() -> None:
    assert slots_of(3072) == 91
    assert slots_of(512) == 11


def test_referendums_are_found() -> None:
    manifest = parse(manifest_fields([MAYOR, REFERENDUM]))
    assert [(one.id, rule.of) for one, rule in majority_rules(manifest)] == [("law", "yes")]


@pytest.mark.parametrize("data", HOSTILE_BYTES)
def test_hostile_bytes(data: bytes) -> None:
    with pytest.raises((EncodingError, ManifestError)):
        parse_manifest(data, allow_test_keys=True)


@given(st.one_of(hostile_documents(GOOD), hostile_bytes(codec.encode_canonical(GOOD))))
def test_a_changed_manifest_is_refused_or_has_another_hash(data: bytes) -> None:
    before = copy.deepcopy(GOOD)
    try:
        manifest = parse_manifest(data, allow_test_keys=True)
    except BallotsError:
        return
    same = data == codec.encode_canonical(before)
    assert (manifest.hash == codec.digest("manifest", before)) == same
    assert manifest.encode() == data
    assert msgspec.to_builtins(manifest) == codec.parse_canonical(data)
