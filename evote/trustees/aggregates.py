"""The encrypted count, computed once after the close by the sequencer and kept beside the record."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from ballots import codec
from ballots.aggregate import Aggregate, Aggregator
from ballots.ballot import parse_ballot
from ballots.board import Board
from ballots.election import Election as LoadedElection
from evote.casting.models import BallotText
from evote.elections.loaded import find_document
from evote.elections.models import AGGREGATES
from evote.errors import Unavailable

_CHUNK = 200


def compute_aggregates(session: Session, board: Board) -> bytes:
    """Multiply the counted ballots; memory does not grow with them. Returns the document to store."""
    election, votes = board.election, board.votes()
    aggregator = Aggregator(election)
    query = select(BallotText.tracker, BallotText.data).where(BallotText.election_id == election.manifest.id)
    for start in range(0, len(votes), _CHUNK):
        chunk = votes[start : start + _CHUNK]
        rows = session.execute(query.where(BallotText.tracker.in_([vote.tracker for vote in chunk])))
        texts = dict(rows.all())
        for vote in chunk:
            ballot = parse_ballot(codec.parse_canonical(texts[vote.tracker]), election, vote.line.style)
            aggregator.add(ballot, vote.line)
    return _encode(election, aggregator.result())


def load_aggregates(session: Session, election: LoadedElection) -> tuple[Aggregate, ...]:
    """Return the encrypted count of a closed election.

    Raises:
        Unavailable: The sequencer is still computing it.
    """
    data = find_document(session, election.manifest.id, AGGREGATES)
    if data is None:
        raise Unavailable("The server is still adding up the encrypted ballots. Try again in a minute.")
    return tuple(
        Aggregate(
            id=fields["id"],
            ballots=fields["ballots"],
            weight=fields["weight"],
            ciphertexts=tuple(election.key.decode_ciphertext(text) for text in fields["ciphertexts"]),
        )
        for fields in codec.parse_canonical(data)["contests"]
    )


def _encode(election: LoadedElection, aggregates: Sequence[Aggregate]) -> bytes:
    contests = [
        {
            "id": one.id,
            "ballots": one.ballots,
            "weight": one.weight,
            "ciphertexts": [election.key.encode_ciphertext(ciphertext) for ciphertext in one.ciphertexts],
        }
        for one in aggregates
    ]
    return codec.encode_canonical({"contests": contests})
