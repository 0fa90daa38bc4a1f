"""An audited ballot: opened by its voter to see whether the device told the truth, and never cast (section 6)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import gmpy2
from gmpy2 import mpz

from . import codec
from .arithmetic import is_unit
from .ballot import Ballot, check_shape, parse_ballot
from .batch import all_hold
from .codec import Json
from .consult import Reader
from .contests import SLOT_BITS, Contest, Layout, bit_weights, pairs_of
from .errors import Malformed, Refused, inside
from .key import Modulus
from .proofs import check_challenges, check_equations, check_ranges, check_units


@dataclass(frozen=True, slots=True)
class Opened:
    """The openings of one contest's cells."""

    contest: str
    values: tuple[mpz, ...]
    randomness: tuple[mpz, ...]


@dataclass
class Audit:
    """What an audit shows.

    Attributes:
        tracker: its short form, which the device must have shown before the audit was asked for.
        says: for each contest, its title and what the ballot chooses in it, as lines for a person.
        facts: what else there is to know, as (label, text) pairs.
        failures: what is wrong, as sentences; empty if the device told the truth.
        modulus_bits: the length of the election's key.
    """

    modulus_bits: int = 0
    tracker: str = ""
    voter_number: str = ""
    says: list[tuple[str, list[str]]] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def _opened(value: Json, modulus: Modulus) -> Opened:
    contest, values, randomness = codec.fields(value, "id", "values", "randomness")
    with inside(f'the openings of "{codec.text(contest)[:40]}"'):
        return Opened(
            codec.text(contest),
            tuple(codec.decode_number(item, modulus.width) for item in codec.array(values)),
            tuple(modulus.decode(item) for item in codec.array(randomness)),
        )


def _check_cells(ballot: Ballot, openings: Sequence[Opened], modulus: Modulus) -> None:
    if [opened.contest for opened in openings] != [answer.contest for answer in ballot.answers]:
        raise Refused("the openings are not of the ballot's contests, in their order")
    for opened, answer in zip(openings, ballot.answers, strict=True):
        if not len(opened.values) == len(opened.randomness) == len(answer.cells):
            raise Refused(f'contest "{opened.contest}" has not one opening for each cell')
        for number, (value, r, cell) in enumerate(zip(opened.values, opened.randomness, answer.cells, strict=True)):
            if value >= modulus.n or not is_unit(r, modulus.n):
                raise Refused(f'contest "{opened.contest}", cell {number}: its opening is out of range')
            encrypted = (1 + value * modulus.n) * gmpy2.powmod(r, modulus.n, modulus.square) % modulus.square
            if encrypted != cell:
                raise Refused(
                    f'contest "{opened.contest}", cell {number}: the opening is not that of the cell. The device hides '
                    "what it encrypted. Do not vote with it; keep this file and show it to the election's official"
                )


def read_choice(contest: Contest, layout: Layout, values: Sequence[int]) -> list[str]:
    """Write what the plaintexts of one contest choose, as lines for a person.

    Raises:
        Refused: they are no choice that the contest allows.
    """
    for statement in layout.statements:
        if sum(values[cell] * weight for cell, weight in statement.terms) not in statement.values:
            raise Refused(f'contest "{contest.id}": what was encrypted is no choice that the contest allows')
    labels = [f"{label} ({id_})" for label, id_ in zip(contest.labels, contest.options, strict=True)]
    if contest.kind == "rank":
        return _read_ranking(contest, labels, values)
    if layout.packed:
        return [labels[(int(values[0]).bit_length() - 1) // SLOT_BITS]]
    if contest.kind == "choose":
        return [label for label, value in zip(labels, values, strict=True) if value] or ["nothing"]
    if contest.kind == "points":
        weights = bit_weights(contest.points)
        width = len(weights)
        values = [
            sum(bit * weight for bit, weight in zip(values[start : start + width], weights, strict=True))
            for start in range(0, width * len(labels), width)
        ]
    return [f"{label}: {value}" for label, value in zip(labels, values, strict=True)]


def _read_ranking(contest: Contest, labels: Sequence[str], values: Sequence[int]) -> list[str]:
    above = [0] * len(labels)
    for (a, b), value in zip(pairs_of(len(labels), contest.ties), values, strict=True):
        if value:
            above[b] += 1
        elif not contest.ties:
            above[a] += 1
    places = groupby(sorted(range(len(labels)), key=above.__getitem__), key=above.__getitem__)
    return [f"{place + 1}. {', '.join(labels[option] for option in members)}" for place, members in places]


def _check_ballot(ballot: Ballot, reader: Reader, contests: Sequence[str]) -> None:
    election = reader.election
    layouts, modulus = election.manifest.layouts, election.key.modulus
    if ballot.election != election.fingerprint:
        raise Refused(f"the ballot is for the election {ballot.election}, not for this record's")
    check_shape(ballot, contests, layouts)
    check_ranges(ballot, modulus)
    check_challenges(ballot)
    if not all_hold([ballot], layouts, modulus):
        check_units(ballot, modulus)
        check_equations(ballot, layouts, modulus)


def check_audit(data: bytes, record_path: Path) -> Audit:
    """Recompute an audited ballot from its openings and read it.

    Raises:
        Missing: a file of the record is missing.
        Malformed: the file is no audited ballot.
        Refused: the record cannot be used at all.
    """
    reader = Reader(record_path)
    election = reader.election
    audit = Audit(modulus_bits=election.manifest.modulus_bits)
    value, openings = codec.fields(codec.read_json(data), "ballot", "openings")
    ballot = parse_ballot(value, election.key.modulus)
    opened = [_opened(item, election.key.modulus) for item in codec.array(openings)]
    record = reader.follow((), (), (ballot.tracker,))
    audit.tracker = codec.short_form(codec.decode_bytes(ballot.tracker, codec.HASH_BYTES))
    audit.voter_number = codec.voter_number(ballot.voter)
    line = record.replay.known.get(ballot.voter)
    if line is None:
        audit.failures.append("the ballot is for a voter who is not on the roll")
        return audit
    manifest = election.manifest
    try:
        _check_ballot(ballot, reader, manifest.styles[line.style])
        _check_cells(ballot, opened, election.key.modulus)
        for part in opened:
            contest, layout = manifest.by_id[part.contest], manifest.layouts[part.contest]
            audit.says.append((contest.title, read_choice(contest, layout, part.values)))
    except (Malformed, Refused) as reason:
        audit.failures.append(str(reason))
    audited, cast = record.naming(ballot.tracker, "audited"), record.naming(ballot.tracker, "ballot")
    if cast:
        audit.failures.append(
            f"this ballot was opened, and yet entry {cast[0].index} of the log has it as a vote. "
            "Tell the election's official"
        )
    audit.facts.append(("log", f"audited, entry {audited[0].index}" if audited else "not on this record's log"))
    return audit
