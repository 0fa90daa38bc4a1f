"""One batch of submissions, from the queue to the log: judged outside the transaction, written in one.

Everything is checked and signed first. Then, in one short transaction, entries, Merkle nodes, one checkpoint,
receipts and refusals are written, so that after a crash all of them are there or none.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from ballots import codec
from ballots.ballot import Ballot
from ballots.board import Board
from ballots.checkpoint import Head, sign_checkpoint
from ballots.credentials import short_tracker, voter_number
from ballots.entries import Entry
from ballots.errors import BallotsError
from ballots.receipts import sign_receipt, sign_refusal
from ballots.sentences import SentenceError
from ballots.signatures import SigningKey
from evote.board.effects import apply_effects
from evote.board.models import Checkpoint, LogEntry, Node
from evote.board.replay import Tail
from evote.casting.models import LOGGED, REFUSED, Submission
from evote.casting.queue import lock_election

LINES_A_FILE = 10_000


@dataclass
class Item:
    """A submission in hand.

    Attributes:
        ballot: Parsed, for a ballot of the right shape.
        ballot_bytes: The length of its line without the newline.
        refusal: Why it cannot be logged; none while it may.
    """

    submission: Submission
    ballot: Ballot | None = None
    ballot_bytes: int = 0
    refusal: SentenceError | None = None


@dataclass
class Batch:
    """What one batch adds to the database, computed before its transaction begins."""

    board: Board
    entries: list[dict[str, Any]] = field(default_factory=list)
    nodes: list[dict[str, Any]] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)
    admitted: list[tuple[Submission, Entry]] = field(default_factory=list)
    checkpoint: Checkpoint | None = None


def plan_batch(board: Board, tail: Tail, items: Sequence[Item], board_key: SigningKey, now: datetime) -> Batch:
    """Admit what may stand on the log, and sign checkpoint, receipts and refusals.

    `board` and `tail` go ahead with it: if the batch is then not written, they must be thrown away.
    """
    batch = Batch(board)
    for item in items:
        entry = _admit(board, item, batch)
        if entry is None:
            batch.answers.append(_refuse(board, item, board_key, now))
        else:
            batch.entries.append(_entry_row(board, tail, item, entry))
            batch.admitted.append((item.submission, entry))
    if batch.admitted:
        _sign(batch, board_key)
    return batch


def write_batch(session: Session, batch: Batch) -> None:
    """Write a planned batch; the caller's transaction makes all of it durable, or none."""
    board = batch.board
    if batch.checkpoint is not None:
        election = lock_election(session, board.election.manifest.id)
        election.log_size, election.ballot_count = board.size, board.ballots
        session.add(batch.checkpoint)
        for _, entry in batch.admitted:
            apply_effects(session, election, board, entry)
        session.flush()
        session.execute(insert(LogEntry), batch.entries)
        session.execute(insert(Node), batch.nodes)
    if batch.answers:
        session.execute(update(Submission), batch.answers)


def _admit(board: Board, item: Item, batch: Batch) -> Entry | None:
    if item.refusal:
        return None
    submission = item.submission
    entry = Entry(
        board.size, codec.encode_time(submission.time), submission.kind, codec.parse_canonical(submission.body)
    )
    try:
        completed = board.admit(entry, item.ballot)
    except BallotsError as error:
        item.refusal = error
        return None
    election_id = board.election.manifest.id
    batch.nodes += [
        {"election_id": election_id, "level": level, "position": position, "hash": node}
        for level, position, node in completed
    ]
    return entry


def _entry_row(board: Board, tail: Tail, item: Item, entry: Entry) -> dict[str, Any]:
    data = entry.encode()
    tail.log_end = (0 if entry.index % LINES_A_FILE == 0 else tail.log_end) + len(data) + 1
    row: dict[str, Any] = {
        "election_id": board.election.manifest.id,
        "index": entry.index,
        "type": entry.type,
        "time": item.submission.time,
        "data": data,
        "log_end": tail.log_end,
    }
    row |= dict.fromkeys(("tracker", "tracker_code", "voter", "voter_code", "ballot_number", "ballot_end"))
    if entry.type in ("ballot", "audited"):
        tracker = entry.body["tracker"]
        row |= {"tracker": tracker, "tracker_code": short_tracker(tracker).replace("-", "")}
    if entry.type == "ballot":
        number, voter = board.ballots - 1, entry.body["voter"]
        tail.ballot_end = (0 if number % LINES_A_FILE == 0 else tail.ballot_end) + item.ballot_bytes + 1
        row |= {"voter": voter, "voter_code": voter_number(voter).replace("-", "")}
        row |= {"ballot_number": number, "ballot_end": tail.ballot_end}
    return row


def _sign(batch: Batch, board_key: SigningKey) -> None:
    board, manifest = batch.board, batch.board.election.manifest
    size, root = board.size, board.tree.root()
    text = sign_checkpoint(manifest.log_origin, Head(size, root), board_key)
    batch.checkpoint = Checkpoint(election_id=manifest.id, size=size, root=root, text=text)
    for submission, entry in batch.admitted:
        answer = b""
        if entry.type == "ballot":
            proof = board.tree.inclusion_proof(entry.index, size)
            receipt = sign_receipt(board_key, board.election.fingerprint_text, entry, text, proof)
            answer = codec.encode_canonical(receipt)
        batch.answers.append(_answer(submission, LOGGED, answer, entry.index))


def _refuse(board: Board, item: Item, board_key: SigningKey, now: datetime) -> dict[str, Any]:
    submission, reason = item.submission, item.refusal
    assert reason is not None
    if submission.kind != "ballot":
        return _answer(submission, REFUSED, codec.encode_canonical(reason.as_document()), None)
    time = codec.encode_time(max(now, submission.time))
    refusal = sign_refusal(board_key, board.election.fingerprint_text, submission.key, str(reason), time)
    return _answer(submission, REFUSED, codec.encode_canonical(refusal), None)


def _answer(submission: Submission, state: str, answer: bytes, index: int | None) -> dict[str, Any]:
    return {"id": submission.id, "state": state, "answer": answer, "entry_index": index}
