"""A stored ballot: its fields, its shape, and the one challenge that all its proofs answer (sections 4 and 6)."""

from collections.abc import Sequence
from dataclasses import dataclass

from gmpy2 import mpz

from . import codec
from .codec import Json
from .contests import Layout
from .errors import Refused, inside
from .key import Modulus

JSON_SLACK = 4096


@dataclass(frozen=True, slots=True)
class Proof:
    """One statement's proof: commitment, challenge part and response of each branch."""

    commitments: tuple[mpz, ...]
    challenges: tuple[int, ...]
    responses: tuple[mpz, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The cells of one contest with their proofs."""

    contest: str
    cells: tuple[mpz, ...]
    proofs: tuple[Proof, ...]


@dataclass(frozen=True, slots=True)
class Ballot:
    """A ballot whose fields and widths are right; nothing else is believed yet.

    Attributes:
        tracker: H("evote/1/ballot", ballot) as base64url text.
        challenge: the challenge that the parts of each proof must add up to.
    """

    election: str
    voter: str
    previous: str
    answers: tuple[Answer, ...]
    tracker: str
    challenge: int


def _proof(value: Json, modulus: Modulus) -> Proof:
    a, e, z = codec.fields(value, "a", "e", "z")
    return Proof(
        tuple(codec.decode_number(item, 2 * modulus.width) for item in codec.array(a)),
        tuple(codec.decode_challenge(item) for item in codec.array(e)),
        tuple(codec.decode_number(item, modulus.width) for item in codec.array(z)),
    )


def _answer(value: Json, modulus: Modulus) -> Answer:
    contest, cells, proofs = codec.fields(value, "id", "cells", "proofs")
    return Answer(
        codec.text(contest),
        tuple(codec.decode_number(item, 2 * modulus.width) for item in codec.array(cells)),
        tuple(_proof(item, modulus) for item in codec.array(proofs)),
    )


def _commitments_only(contest: Json) -> Json:
    parts = codec.mapping(contest)
    kept: Json = [{"a": codec.mapping(proof)["a"]} for proof in codec.array(parts["proofs"])]
    return {**parts, "proofs": kept}


def parse_ballot(value: Json, modulus: Modulus) -> Ballot:
    """Turn a stored ballot into its fields.

    Raises:
        Malformed: a field is missing, unknown, of another type or another width.
    """
    version, election, voter, previous, contests = codec.fields(
        value, "version", "election", "voter", "previous", "contests"
    )
    codec.integer(version, 1, 1)
    codec.decode_bytes(election, codec.HASH_BYTES)
    codec.decode_bytes(voter, codec.HASH_BYTES)
    if previous != "":
        codec.decode_bytes(previous, codec.HASH_BYTES)
    answers = []
    for number, item in enumerate(codec.array(contests)):
        with inside(f"contest {number} of the ballot"):
            answers.append(_answer(item, modulus))
    hashed = {**codec.mapping(value), "contests": [_commitments_only(item) for item in codec.array(contests)]}
    return Ballot(
        codec.text(election),
        codec.text(voter),
        codec.text(previous),
        tuple(answers),
        codec.encode_bytes(codec.tagged_hash("evote/1/ballot", value)),
        int.from_bytes(codec.tagged_hash("evote/1/challenge", hashed)[: codec.CHALLENGE_BYTES], "big"),
    )


def check_shape(ballot: Ballot, contests: Sequence[str], layouts: dict[str, Layout]) -> None:
    """Check that a ballot answers the contests of its style, each with the cells and proofs of its layout.

    Raises:
        Refused: something is missing or too much; the text says what.
    """
    answered = [answer.contest for answer in ballot.answers]
    if answered != list(contests):
        raise Refused(f"it answers the contests {answered}, not those of the voter's ballot style, {list(contests)}")
    for answer in ballot.answers:
        layout, name = layouts[answer.contest], f'contest "{answer.contest}"'
        if len(answer.cells) != layout.cells:
            raise Refused(f"{name} has {len(answer.cells)} cells instead of {layout.cells}")
        if len(answer.proofs) != len(layout.statements):
            raise Refused(f"{name} has {len(answer.proofs)} proofs instead of {len(layout.statements)}")
        for number, (proof, statement) in enumerate(zip(answer.proofs, layout.statements, strict=True)):
            for branches in (proof.commitments, proof.challenges, proof.responses):
                if len(branches) != len(statement.values):
                    reason = f"{len(branches)} branches instead of {len(statement.values)}"
                    raise Refused(f"{name}, proof {number} has {reason}")


def longest_line(contests: Sequence[str], layouts: dict[str, Layout], modulus: Modulus) -> int:
    """Return more bytes than a ballot of these contests can have as a line."""
    number = 3 * modulus.width + 16  # a number modulo n² with quotes and comma; one modulo n is shorter
    total = JSON_SLACK
    for contest in contests:
        layout = layouts[contest]
        total += 8 * len(contest) + 64 + layout.cells * number + 32 * len(layout.statements)
        total += layout.branches * (2 * number + 40)
    return total


def expect_same(stored: str, logged: str, what: str) -> None:
    """Check that a field of the stored ballot is what its entry on the log says.

    Raises:
        Refused: they differ.
    """
    if stored != logged:
        raise Refused(f"the stored ballot's {what} is {stored or 'empty'}, but the log says {logged or 'empty'}")


def read_ballot(data: bytes, modulus: Modulus) -> Ballot:
    """Parse a line of the ballots.

    Raises:
        Malformed: it is not canonical, or a field is not what it should be.
    """
    return parse_ballot(codec.parse(data), modulus)
