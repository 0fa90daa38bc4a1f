"""The ballot: sealed by the voter's device, parsed strictly by everybody else (section 6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from gmpy2 import mpz

from ballots import codec, proofs
from ballots.contests import Choice, Layout, plan
from ballots.definition import Contest
from ballots.election import Election
from ballots.errors import BallotRefused, EncodingError, ForeignBallot, MalformedBallot, ProofError
from ballots.paillier import PublicKey
from ballots.proofs import PlainSecrets, Proof, RandomBits, Secrets, ShortSecrets, weight_sum_of_layouts
from ballots.signatures import SigningKey, verify


@dataclass(frozen=True)
class SealedContest:
    """The encrypted answer to one contest: its cells and one proof a statement."""

    id: str
    cells: tuple[mpz, ...]
    proofs: tuple[Proof, ...]


@dataclass(frozen=True)
class Ballot:
    """A ballot of the right shape for its election and style; its proofs are not yet checked.

    Attributes:
        document: The JSON object as it is hashed and published.
        voter: The credential's public key.
        previous: The tracker of this credential's latest ballot on the board, or "".
        contests: The numbers of the document.
    """

    document: dict[str, Any]
    voter: str
    previous: str
    contests: tuple[SealedContest, ...]

    def encode(self) -> bytes:
        """Encode as the canonical bytes of a line in ``ballots/``, without its newline."""
        return codec.encode_canonical(self.document)

    @cached_property
    def tracker(self) -> str:
        """T = H("ballot", ballot), base64url."""
        return codec.encode_bytes(codec.digest("ballot", self.document))

    @cached_property
    def challenge(self) -> int:
        """The one challenge of all proofs: it binds the whole ballot but answers and challenges."""
        return challenge_of(self.document)

    def sign(self, key: SigningKey) -> str:
        """Sign the ballot's tracker, which is to cast it."""
        return key.sign("cast", {"tracker": self.tracker})


@dataclass(frozen=True)
class Opening:
    """What a contest's cells hold; published only to audit a ballot that is then never cast."""

    id: str
    values: tuple[int, ...]
    randomness: tuple[mpz, ...]


@dataclass(frozen=True)
class Sealed:
    """A ballot and the openings that its maker must forget, or hand out to audit it."""

    ballot: Ballot
    openings: tuple[Opening, ...]

    def audit_document(self, key: PublicKey) -> dict[str, Any]:
        """Return the audit file's object."""
        return {
            "ballot": self.ballot.document,
            "openings": [
                {
                    "id": opening.id,
                    "values": [key.encode_residue(value) for value in opening.values],
                    "randomness": [key.encode_residue(value) for value in opening.randomness],
                }
                for opening in self.openings
            ],
        }


def seal_ballot(
    election: Election,
    style: str,
    voter: str,
    previous: str,
    choices: Mapping[str, Choice],
    random_bits: RandomBits,
    secrets: Secrets | None = None,
) -> Sealed:
    """Encrypt and prove a ballot.

    Args:
        election: The frozen election.
        style: The voter's ballot style.
        voter: The credential's public key.
        previous: The tracker of its latest ballot on the board, or "".
        choices: {contest id: choice}, one for each contest of the style.
        random_bits: The source of randomness.
        secrets: How cells are masked; short exponents by default (:func:`short_secrets`).
            Give one object for many ballots: it holds tables.

    Raises:
        ContestError: A choice does not fit its contest.
        BallotRefused: A contest has no choice, or there is one too many.
    """
    contests = election.contests_by_style[style]
    if choices.keys() != {contest.id for contest in contests}:
        raise BallotRefused("There must be one choice for each contest of the ballot style.")
    masking = secrets or short_secrets(election, random_bits)
    key = election.key
    drafts = [
        _Draft.commit(key, contest, election.layouts[contest.id], choices[contest.id], masking, random_bits)
        for contest in contests
    ]
    header = {"version": 1, "election": election.fingerprint_text, "voter": voter, "previous": previous}
    committed = [{**draft.head, "proofs": [{"a": a} for a in draft.texts]} for draft in drafts]
    challenge = challenge_of({**header, "contests": committed})
    sealed = [draft.respond(key, challenge, masking) for draft in drafts]
    document = {**header, "contests": [_contest_document(key, contest) for contest in sealed]}
    openings = [
        Opening(draft.contest.id, draft.plaintexts, tuple(masking.root(secret) for secret in draft.secrets))
        for draft in drafts
    ]
    return Sealed(Ballot(document, voter, previous, tuple(sealed)), tuple(openings))


def short_secrets(election: Election, random_bits: RandomBits) -> ShortSecrets:
    """Build the tables for short exponents, to share among the ballots of one election."""
    return ShortSecrets(election.key, weight_sum_of_layouts(list(election.layouts.values())), random_bits)


def plain_secrets(election: Election, random_bits: RandomBits) -> PlainSecrets:
    """Return full-length randomness: slower, and no assumption beyond Paillier's."""
    return PlainSecrets(election.key, random_bits)


def parse_ballot(document: codec.Json, election: Election, style: str) -> Ballot:
    """Parse a ballot of a style; its proofs, signature and place on the log are checked elsewhere.

    Args:
        document: A value from :func:`ballots.codec.parse_canonical`.
        election: The frozen election.
        style: The style of the roll's line for this voter.

    Raises:
        MalformedBallot: Missing or unknown fields, widths, spellings.
        ForeignBallot: It is for another election.
        ProofError: A number is zero or too large.
        BallotRefused: Contests, cells, proofs or branches that its style does not have.
    """
    try:
        version, election_text, voter, previous, contests = codec.take(
            document, "version", "election", "voter", "previous", "contests"
        )
        if type(version) is not int or version != 1:
            raise EncodingError("Its version is not 1.")
        if election_text != election.fingerprint_text:
            raise ForeignBallot("The ballot was made for another election.")
        codec.decode_bytes(voter, codec.HASH_BYTES)
        if previous != "":
            codec.decode_bytes(previous, codec.HASH_BYTES)
        expected = election.contests_by_style[style]
        if not isinstance(contests, list) or len(contests) != len(expected):
            raise BallotRefused("The ballot must answer the %(count)s contests of its style.", count=len(expected))
        sealed = tuple(
            _parse_contest(election.key, fields, contest, election.layouts[contest.id])
            for fields, contest in zip(contests, expected, strict=True)
        )
    except EncodingError as error:
        raise MalformedBallot("The ballot is malformed. %(error)s", error=error) from None
    return Ballot(document, voter, previous, sealed)


def verify_cast(ballot: Ballot, signature: codec.Json) -> None:
    """Check the signature that casts a ballot.

    Raises:
        SignatureRefused: It is not the voter's.
    """
    verify(ballot.voter, "cast", {"tracker": ballot.tracker}, signature)


def verify_ballot(election: Election, ballot: Ballot) -> None:
    """Check every proof of a ballot, one by one, by the plain definition of section 4.

    Raises:
        ProofError: The first that does not hold.
    """
    key = election.key
    for contest in ballot.contests:
        if not all(key.is_unit(cell) for cell in contest.cells):
            raise ProofError("A cell is not a unit modulo n.")
        for statement, proof in zip(election.layouts[contest.id].statements, contest.proofs, strict=True):
            proofs.verify_proof(key, statement, contest.cells, proof, ballot.challenge)


def challenge_of(document: Mapping[str, Any]) -> int:
    """Return the first 16 bytes of H("challenge", the ballot with only ``a`` kept in each proof)."""
    stripped = [
        {"id": fields["id"], "cells": fields["cells"], "proofs": [{"a": proof["a"]} for proof in fields["proofs"]]}
        for fields in document["contests"]
    ]
    return int.from_bytes(codec.digest("challenge", {**document, "contests": stripped})[:16], "big")


@dataclass(frozen=True)
class _Draft:
    """A contest between commitment and challenge."""

    contest: Contest
    head: dict[str, Any]
    cells: tuple[mpz, ...]
    plaintexts: tuple[int, ...]
    secrets: tuple[int, ...]
    commitments: tuple[proofs.Commitment, ...]
    texts: tuple[list[str], ...]

    @classmethod
    def commit(
        cls, key: PublicKey, contest: Contest, layout: Layout, choice: Choice, masking: Secrets, random_bits: RandomBits
    ) -> "_Draft":
        plaintexts = plan(contest, layout, choice)
        secrets = tuple(masking.draw() for _ in plaintexts)
        cells = tuple(
            key.plain(plaintext) * masking.power(secret) % key.n_squared
            for plaintext, secret in zip(plaintexts, secrets, strict=True)
        )
        commitments = tuple(
            proofs.commit(key, statement, plaintexts, secrets, masking, random_bits) for statement in layout.statements
        )
        head = {"id": contest.id, "cells": [key.encode_ciphertext(cell) for cell in cells]}
        texts = tuple([key.encode_ciphertext(a) for a in commitment.commitments] for commitment in commitments)
        return cls(contest, head, cells, plaintexts, secrets, commitments, texts)

    def respond(self, key: PublicKey, challenge: int, masking: Secrets) -> SealedContest:
        answers = tuple(proofs.respond(key, commitment, challenge, masking) for commitment in self.commitments)
        return SealedContest(self.contest.id, self.cells, answers)


def _contest_document(key: PublicKey, contest: SealedContest) -> dict[str, Any]:
    return {
        "id": contest.id,
        "cells": [key.encode_ciphertext(cell) for cell in contest.cells],
        "proofs": [
            {
                "a": [key.encode_ciphertext(value) for value in proof.commitments],
                "e": [codec.encode_challenge(value) for value in proof.challenges],
                "z": [key.encode_residue(value) for value in proof.responses],
            }
            for proof in contest.proofs
        ],
    }


def _parse_contest(key: PublicKey, fields: codec.Json, contest: Contest, layout: Layout) -> SealedContest:
    contest_id, cells, answers = codec.take(fields, "id", "cells", "proofs")
    if contest_id != contest.id:
        raise BallotRefused(
            "The ballot answers '%(contest)s' where its style has '%(expected)s'.",
            contest=contest_id,
            expected=contest.id,
        )
    numbers = _numbers(cells, layout.cells, 2 * key.width, key.n_squared - 1)
    if not isinstance(answers, list) or len(answers) != len(layout.statements):
        raise BallotRefused(
            "The contest '%(contest)s' needs %(count)s proofs.", contest=contest.id, count=len(layout.statements)
        )
    parsed = []
    for answer, statement in zip(answers, layout.statements, strict=True):
        a, e, z = codec.take(answer, "a", "e", "z")
        count = len(statement.values)
        if not isinstance(e, list) or len(e) != count:
            raise BallotRefused(
                "A proof of the contest '%(contest)s' must have %(count)s branches.", contest=contest.id, count=count
            )
        commitments = _numbers(a, count, 2 * key.width, key.n_squared - 1)
        responses = _numbers(z, count, key.width, (key.n - 1) // 2)
        parsed.append(Proof(commitments, tuple(map(codec.decode_challenge, e)), responses))
    return SealedContest(contest.id, numbers, tuple(parsed))


def _numbers(texts: codec.Json, count: int, width: int, largest: mpz) -> tuple[mpz, ...]:
    if not isinstance(texts, list) or len(texts) != count:
        raise BallotRefused("The ballot must have %(count)s numbers where it has another count.", count=count)
    numbers = tuple(mpz(codec.decode_number(text, width)) for text in texts)
    if any(not 0 < number <= largest for number in numbers):
        raise ProofError("A number on the ballot is zero or too large.")
    return numbers
