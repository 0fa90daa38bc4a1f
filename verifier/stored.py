"""Checking the stored ballots, a batch at a time.

A batch is a stretch of one file. The process that checks it reads it itself, so that no ballot is ever sent or kept.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import gmpy2
from gmpy2 import mpz

from . import codec, ed25519
from .ballot import Ballot, check_shape, expect_same, read_ballot
from .batch import failing_ballots
from .contests import Layout
from .entries import BallotBody
from .errors import Malformed, Refused
from .folder import open_regular
from .key import Modulus, modulus_of
from .manifest import parse_manifest
from .proofs import check_challenges, check_equations, check_ranges, check_units
from .report import Findings


@dataclass(frozen=True, slots=True)
class Setup:
    """What every process must know, as plain bytes: cheap to send, and read once by each process."""

    folder: str
    manifest: bytes
    n: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Expected:
    """What the log says about one stored ballot.

    Attributes:
        index: of its entry.
        place: file and line of the stored ballot, for a person.
        length: bytes of its line with line end.
        fault: what is wrong with the line as such, or "".
        body: its entry; None if that is malformed.
        style: the voter's ballot style; None if the voter never had one.
        weight: with which it counts; 0 if it does not.
    """

    index: int
    place: str
    length: int
    fault: str
    body: BallotBody | None
    style: str | None
    weight: int


@dataclass(frozen=True, slots=True)
class Batch:
    """A stretch of one file of ballots."""

    setup: Setup
    file: str
    offset: int
    ballots: tuple[Expected, ...]


@dataclass
class Checked:
    """What the check of a batch found.

    Attributes:
        products: by contest, the product of cell^weight over the batch's counted ballots, cell by cell.
        missing: contests for which a counted ballot could not be read.
        ballots: how many were looked at.
    """

    findings: Findings = field(default_factory=Findings)
    products: dict[str, list[mpz]] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    ballots: int = 0


@dataclass(frozen=True)
class Rules:
    """A setup as its process uses it."""

    modulus: Modulus
    layouts: dict[str, Layout]
    styles: dict[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def _rules(setup: Setup) -> Rules:
    manifest = parse_manifest(codec.parse(setup.manifest))
    return Rules(modulus_of(setup.n, manifest.modulus_bits), manifest.layouts, manifest.styles)


def _read_one(expected: Expected, data: bytes, rules: Rules, findings: Findings) -> Ballot | None:
    """Parse one stored ballot; None, and noted, if it cannot be."""
    findings.looked("1 encoding: ballots")
    try:
        if expected.fault:
            raise Malformed(expected.fault)
        return read_ballot(data.removesuffix(b"\n"), rules.modulus)
    except Malformed as reason:
        findings.fail("1 encoding: ballots", reason, expected.place, expected.index)
        findings.fail("5 ballots: stored", "the stored ballot cannot be read", expected.place, expected.index)
        return None


def _check_one(expected: Expected, ballot: Ballot, setup: Setup, rules: Rules, findings: Findings) -> bool:
    """Check one stored ballot up to its proofs; say whether they can be checked."""
    index, body = expected.index, expected.body
    if body is None:
        findings.fail("5 ballots: stored", "its entry on the log cannot be read", expected.place, index)
    else:
        with findings.checking("5 ballots: stored", entry=index):
            expect_same(ballot.tracker, body.tracker, "tracker")
            expect_same(ballot.voter, body.voter, "voter")
            expect_same(ballot.previous, body.previous, "previous ballot")
        with findings.checking("5 ballots: signature", entry=index):
            cast = codec.tagged_hash("evote/1/cast", {"tracker": body.tracker})
            ed25519.verify_hash(body.voter, cast, body.signature)
    with findings.checking("5 ballots: election", entry=index):
        expect_same(ballot.election, setup.fingerprint, "election")
    if expected.style is None:
        findings.fail("5 ballots: shape", "its voter has no ballot style to compare with", entry=index)
        return False
    try:
        findings.looked("5 ballots: shape")
        check_shape(ballot, rules.styles[expected.style], rules.layouts)
    except Refused as reason:
        findings.fail("5 ballots: shape", reason, entry=index)
        return False
    with findings.checking("6 proofs: challenges", entry=index):
        check_challenges(ballot)
    findings.looked("6 proofs: ranges")
    try:
        check_ranges(ballot, rules.modulus)
    except Refused as reason:
        findings.fail("6 proofs: ranges", reason, entry=index)
        return False
    return True


def _name_failing(expected: Expected, ballot: Ballot, rules: Rules, findings: Findings) -> None:
    """Say what is wrong with a ballot that a batch has singled out."""
    try:
        check_units(ballot, rules.modulus)
    except Refused as reason:
        findings.fail("6 proofs: ranges", reason, entry=expected.index)
        findings.fail("6 proofs: equations", "could not be checked, its numbers being no units", entry=expected.index)
        return
    try:
        check_equations(ballot, rules.layouts, rules.modulus)
    except Refused as reason:
        findings.fail("6 proofs: equations", reason, entry=expected.index)
        return
    alarm = "its proofs fail in a batch but hold one by one, which only a factor of n makes possible"
    findings.fail("6 proofs: equations", alarm, entry=expected.index)


def _multiply_in(products: dict[str, list[mpz]], ballot: Ballot, modulus: Modulus) -> None:
    for answer in ballot.answers:
        cells = products.get(answer.contest)
        if cells is None:
            products[answer.contest] = list(answer.cells)
        else:
            for number, cell in enumerate(answer.cells):
                cells[number] = cells[number] * cell % modulus.square


def check_batch(batch: Batch) -> Checked:
    """Check a stretch of stored ballots: fields, shapes, signatures and proofs; and multiply up those that count."""
    rules, checked = _rules(batch.setup), Checked()
    findings, modulus = checked.findings, rules.modulus
    provable: list[tuple[Expected, Ballot]] = []
    by_weight: dict[int, dict[str, list[mpz]]] = {}
    with open_regular(Path(batch.setup.folder) / batch.file) as file:
        file.seek(batch.offset)
        for expected in batch.ballots:
            data = b"" if expected.fault else file.read(expected.length)
            if expected.fault:
                file.seek(expected.length, 1)
            ballot = _read_one(expected, data, rules, findings)
            shaped = ballot is not None and _check_one(expected, ballot, batch.setup, rules, findings)
            if ballot is not None and shaped:
                provable.append((expected, ballot))
                if expected.weight:
                    _multiply_in(by_weight.setdefault(expected.weight, {}), ballot, modulus)
                continue
            reason = "its proofs cannot be checked; see what the other checks say of it"
            findings.fail("6 proofs: equations", reason, entry=expected.index)
            if expected.weight and expected.style is not None:
                checked.missing.update(rules.styles[expected.style])
    ballots = [ballot for _, ballot in provable]
    branches = {contest: layout.branches for contest, layout in rules.layouts.items()}
    findings.looked(
        "6 proofs: equations", sum(branches[answer.contest] for ballot in ballots for answer in ballot.answers)
    )
    for position in failing_ballots(ballots, rules.layouts, modulus):
        _name_failing(*provable[position], rules, findings)
    for weight, products in by_weight.items():
        for contest, cells in products.items():
            powers = [gmpy2.powmod(cell, weight, modulus.square) for cell in cells]
            before = checked.products.get(contest, [mpz(1)] * len(powers))
            checked.products[contest] = [a * b % modulus.square for a, b in zip(before, powers, strict=True)]
    checked.ballots = len(batch.ballots)
    return checked


def batches_of(setup: Setup, lines: Iterable[tuple[str, int, Expected]], size: int) -> Iterator[Batch]:
    """Gather stored ballots, given as file, offset and what is expected, into stretches of one file."""
    file, offset, gathered = "", 0, list[Expected]()
    for name, start, expected in lines:
        if gathered and (name != file or len(gathered) == size):
            yield Batch(setup, file, offset, tuple(gathered))
            gathered = []
        if not gathered:
            file, offset = name, start
        gathered.append(expected)
    if gathered:
        yield Batch(setup, file, offset, tuple(gathered))
