"""The tally: opened aggregates with their certificates, totals and outcome (sections 8 and 9)."""

from collections.abc import Collection, Sequence
from typing import Any, Literal

import msgspec
from gmpy2 import mpz

from ballots import codec
from ballots.aggregate import Aggregate
from ballots.board import Intent
from ballots.contests import Layout
from ballots.definition import Points
from ballots.election import Election
from ballots.errors import ContestError, EncodingError, TallyError
from ballots.outcome import decide
from ballots.partial import Partial, verify_partial
from ballots.threshold import combine_parts, verify_opening


class Opened(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A certificate: the plaintext M and the n-th root R of its ciphertext."""

    m: str
    r: str


class Elected(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Option ids in manifest order."""

    elected: list[str]
    tied: list[str]


class ContestTally(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One contest's result; all lists are empty where the contest is withheld."""

    id: str
    ballots: int
    weight: int
    ciphertexts: list[str]
    certificates: list[Opened]
    totals: list[int]
    outcome: Elected


class Tally(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The fields of ``tally.json``."""

    version: Literal[1]
    election: str
    size: int
    root: str
    counted: str
    contests: list[ContestTally]
    partials: list[dict[str, Any]]

    def encode(self) -> bytes:
        """Encode as the canonical bytes of ``tally.json``."""
        return codec.encode_canonical(msgspec.to_builtins(self))


def parse_tally(data: bytes) -> Tally:
    """Parse ``tally.json`` by its form; :func:`check_tally` judges it.

    Raises:
        EncodingError: Not canonical JSON.
        TallyError: A field is missing, unknown or of another type.
    """
    try:
        return msgspec.convert(codec.parse_canonical(data), Tally, strict=True)
    except msgspec.ValidationError as error:
        raise TallyError("The tally is not of its form: %(error)s", error=error) from None


def combine(election: Election, intent: Intent, aggregates: Sequence[Aggregate], partials: Sequence[Partial]) -> Tally:
    """Combine the verified partials of at least k trustees; the first k by number are used.

    Args:
        election: The election.
        intent: What was counted.
        aggregates: The encrypted count.
        partials: From :func:`ballots.partial.verify_partial`.

    Raises:
        TallyError: There are fewer than k, or they do not open a ciphertext.
    """
    quorum, total = election.manifest.trustees.threshold, election.manifest.trustees.total
    chosen = sorted({partial.trustee: partial for partial in partials}.values(), key=lambda partial: partial.trustee)
    if len(chosen) < quorum:
        raise TallyError(
            "%(quorum)s trustees are needed to open the count; partials of %(count)s are good.",
            quorum=quorum,
            count=len(chosen),
        )
    chosen = chosen[:quorum]
    contests, place = [], 0
    for aggregate in aggregates:
        openings = []
        for ciphertext in aggregate.ciphertexts:
            values = {partial.trustee: partial.parts[place].value for partial in chosen}
            openings.append(combine_parts(election.key, ciphertext, values, total))
            place += 1
        contests.append(_contest_tally(election, aggregate, openings))
    return Tally(
        1,
        election.fingerprint_text,
        intent.size,
        intent.root,
        intent.counted,
        contests,
        [partial.document for partial in chosen],
    )


def check_tally(
    election: Election,
    intent: Intent,
    aggregates: Sequence[Aggregate],
    signers: Collection[tuple[str, int]],
    tally: Tally,
) -> None:
    """Check that a tally follows from the record.

    Args:
        election: The election.
        intent: The intent of the log's close.
        aggregates: Computed from the log and the ballots by the caller.
        signers: Who signed the intent, as on the board.
        tally: The parsed document.

    Raises:
        TallyError: The message says what does not follow.
    """
    stated = (tally.election, tally.size, tally.root, tally.counted)
    if stated != (election.fingerprint_text, intent.size, intent.root, intent.counted):
        raise TallyError("The tally is for another election or another count.")
    if len(tally.contests) != len(aggregates):
        raise TallyError("The tally does not have the manifest's contests.")
    for aggregate, contest in zip(aggregates, tally.contests, strict=True):
        openings = _verify_contest(election, aggregate, contest)
        if contest != _contest_tally(election, aggregate, openings):
            raise TallyError(
                "The numbers of the contest '%(contest)s' do not follow from its certificates.", contest=aggregate.id
            )
    quorum = election.manifest.trustees.threshold
    trustees = [verify_partial(election, intent, aggregates, partial).trustee for partial in tally.partials]
    if len(trustees) != quorum or trustees != sorted(set(trustees)):
        raise TallyError(
            "The tally must hold the partials of exactly %(quorum)s trustees, in ascending order.", quorum=quorum
        )
    for trustee in trustees:
        if ("trustee", trustee) not in signers:
            raise TallyError("Trustee %(trustee)s gave a partial without having signed the intent.", trustee=trustee)


def check_totals(contest_id: str, points: int, layout: Layout, totals: Sequence[int], weight: int) -> None:
    """Check that totals can be a sum of valid ballots: each statement holds of the sums.

    Args:
        contest_id: For the message.
        points: P of a points contest, else 0.
        layout: The compiled contest.
        totals: The decrypted totals.
        weight: Σ weights of the counted ballots.

    Raises:
        TallyError: They cannot.
    """
    if layout.packed:
        possible = sum(totals) == weight
    elif points:
        possible = sum(totals) <= points * weight
    else:
        possible = all(
            statement.values[0] * weight <= statement.value_of(totals) <= statement.values[-1] * weight
            for statement in layout.statements
        )
    if not possible:
        raise TallyError("The totals of the contest '%(contest)s' do not add up to its ballots.", contest=contest_id)


def _verify_contest(election: Election, aggregate: Aggregate, contest: ContestTally) -> list[tuple[mpz, mpz]]:
    key = election.key
    if contest.ciphertexts != [key.encode_ciphertext(ciphertext) for ciphertext in aggregate.ciphertexts]:
        raise TallyError(
            "The ciphertexts of the contest '%(contest)s' are not the product of the counted ballots.",
            contest=aggregate.id,
        )
    if len(contest.certificates) != len(aggregate.ciphertexts):
        raise TallyError("The contest '%(contest)s' needs a certificate for each ciphertext.", contest=aggregate.id)
    openings = []
    for ciphertext, opened in zip(aggregate.ciphertexts, contest.certificates, strict=True):
        try:
            plaintext, root = mpz(codec.decode_number(opened.m, key.width)), key.decode_residue(opened.r)
        except EncodingError as error:
            raise TallyError(
                "A certificate of the contest '%(contest)s' is malformed. %(error)s", contest=aggregate.id, error=error
            ) from None
        verify_opening(key, ciphertext, plaintext, root)
        openings.append((plaintext, root))
    return openings


def _contest_tally(election: Election, aggregate: Aggregate, openings: Sequence[tuple[mpz, mpz]]) -> ContestTally:
    """Compute everything that follows from a contest's certificates."""
    contest, layout, key = election.manifest.contest(aggregate.id), election.layouts[aggregate.id], election.key
    totals: tuple[int, ...] = ()
    outcome = Elected([], [])
    if not aggregate.withheld:
        try:
            totals = tuple(int(total) for total in layout.unpack([int(plaintext) for plaintext, _ in openings]))
        except ContestError as error:
            raise TallyError.because(error) from None
        points = contest.points if isinstance(contest, Points) else 0
        check_totals(aggregate.id, points, layout, totals, aggregate.weight)
        decided = decide(contest, totals, aggregate.weight, eligible_weight(election, aggregate.id))
        outcome = Elected(list(decided.elected), list(decided.tied))
    return ContestTally(
        aggregate.id,
        aggregate.ballots,
        aggregate.weight,
        [key.encode_ciphertext(ciphertext) for ciphertext in aggregate.ciphertexts],
        [Opened(key.encode_residue(plaintext), key.encode_residue(root)) for plaintext, root in openings],
        list(totals),
        outcome,
    )


def eligible_weight(election: Election, contest_id: str) -> int:
    """Return Σ weights of the roll's lines whose style has the contest."""
    return sum(line.weight for line in election.roll.values() if contest_id in election.manifest.styles[line.style])
