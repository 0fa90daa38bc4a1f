"""Partials and their combination, on records that this program has verified itself (section 8).

There is no function that opens a ciphertext handed in: what is opened comes out of
:func:`tally.replay.conclude`, contest by contest, and withheld contests have no ciphertexts at all.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ballots import codec
from ballots.errors import BallotsError
from ballots.partial import Partial, make_partial, verify_partial
from ballots.result import Tally, check_tally, combine, parse_tally
from tally.errors import ElectionRefused, PartialsMissing
from tally.intents import Signer, check_quorum, sign_intent
from tally.primes import RandBits
from tally.replay import Checked
from tally.shares import Share, check_share


@dataclass(frozen=True)
class Sorted:
    """Partials that hold, one a trustee, and a sentence for each that does not.

    Attributes:
        good: Ascending by trustee.
        bad: {name of the partial: why it is not used}.
    """

    good: tuple[Partial, ...]
    bad: dict[str, str]


def make(checked: Checked, share: Share, signer: Signer, random_bits: RandBits) -> dict[str, codec.Json]:
    """Make a trustee's partial.

    Raises:
        ForeignShare: The share is not of this election.
        QuorumMissing: The log does not hold a quorum of intents with this trustee's among them.
        SecondIntent: This trustee has signed another intent than this log's.
        ElectionAnnulled: The election was annulled.
    """
    check_share(share, checked.election.manifest, checked.election.key_document)
    check_quorum(checked.board, signer)
    sign_intent(checked, signer)
    return make_partial(checked.election, checked.intent, checked.aggregates, share.trustee, share.share, random_bits)


def sort(checked: Checked, documents: Iterable[tuple[str, codec.Json]]) -> Sorted:
    """Tell good partials from bad ones.

    Args:
        checked: The record.
        documents: (name, parsed partial); the name is for messages.
    """
    good: dict[int, Partial] = {}
    bad: dict[str, str] = {}
    for name, document in documents:
        try:
            partial = verify_partial(checked.election, checked.intent, checked.aggregates, document)
        except BallotsError as error:
            bad[name] = str(error)
            continue
        if ("trustee", partial.trustee) not in checked.board.signers:
            bad[name] = f"Trustee {partial.trustee} has no intent on the log."
        elif partial.trustee in good:
            bad[name] = f"There is already a good partial of trustee {partial.trustee}; this one is not needed."
        else:
            good[partial.trustee] = partial
    return Sorted(tuple(good[trustee] for trustee in sorted(good)), bad)


def tally(checked: Checked, partials: Sorted) -> Tally:
    """Combine the first k good partials, and check the result as anybody would.

    Raises:
        PartialsMissing: Fewer than k are good.
        ElectionRefused: They do not open the count, or the result does not check.
    """
    quorum = checked.election.manifest.trustees.threshold
    if len(partials.good) < quorum:
        raise PartialsMissing(
            f"{quorum} good partials are needed; there are {len(partials.good)} of trustees "
            f"{', '.join(str(partial.trustee) for partial in partials.good) or '(none)'}."
        )
    try:
        made = combine(checked.election, checked.intent, checked.aggregates, partials.good)
    except BallotsError as error:
        raise ElectionRefused(f"The partials do not open the count. {error}") from error
    check(checked, made.encode())
    return made


def check(checked: Checked, data: bytes) -> Tally:
    """Check ``tally.json`` against the record.

    Raises:
        ElectionRefused: It does not follow from the record.
    """
    try:
        parsed = parse_tally(data)
        check_tally(checked.election, checked.intent, checked.aggregates, checked.board.signers, parsed)
    except BallotsError as error:
        raise ElectionRefused(f"The tally fails a check. {error}") from error
    return parsed
