"""One batch of submissions, from the queue to the log: judged outside the transaction, written in one.

Whatever is checked slowly (proofs, a tally) is checked first. Then, in one transaction, entries, Merkle nodes,
one checkpoint, receipts and refusals are written, so that after a crash all of them are there or none.
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
        refusal: Why it cannot be logged; empty while it may.
    """

    submission: Submission
    ballot: Ballot | None = None
    ballot_bytes: int = 0
    refusal: str = ""


@dataclass
class _Rows:
    """What one batch adds to the database."""

    entries: list[dict[str, Any]] = field(default_factory=list)
    nodes: list[dict[str, Any]] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)
    receipts: list[tuple[Submission, Entry]] = field(default_factory=list)


def append(
    session: Session, board: Board, tail: Tail, items: Sequence[Item], board_key: SigningKey, now: datetime
) -> int:
    """Write a batch; returns how many entries were appended. `board` and `tail` go ahead with it.

    If it raises, the transaction is undone, and `board` and `tail` must be thrown away.
    """
    election = lock_election(session, board.election.manifest.id)
    before, rows = board.size, _Rows()
    for item in items:
        entry = _admit(board, item, rows)
        if entry is None:
            rows.answers.append(_refuse(board, item, board_key, now))
            continue
        rows.entries.append(_entry_row(board, tail, item, entry))
        apply_effects(session, election, board, entry)
        if entry.type == "ballot":
            rows.receipts.append((item.submission, entry))
        else:
            rows.answers.append(_answer(item.submission, LOGGED, b"", entry.index))
    if board.size > before:
        election.log_size, election.ballot_count = board.size, board.ballots
        _sign(session, board, rows, board_key)
    _write(session, rows)
    return board.size - before


def _admit(board: Board, item: Item, rows: _Rows) -> Entry | None:
    if item.refusal:
        return None
    submission = item.submission
    entry = Entry(
        board.size, codec.encode_time(submission.time), submission.kind, codec.parse_canonical(submission.body)
    )
    try:
        completed = board.admit(entry, item.ballot)
    except BallotsError as error:
        item.refusal = str(error)
        return None
    election_id = board.election.manifest.id
    rows.nodes += [
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


def _sign(session: Session, board: Board, rows: _Rows, board_key: SigningKey) -> None:
    manifest, size = board.election.manifest, board.size
    root = board.tree.root()
    text = sign_checkpoint(manifest.log_origin, Head(size, root), board_key)
    session.add(Checkpoint(election_id=manifest.id, size=size, root=root, text=text))
    for submission, entry in rows.receipts:
        proof = board.tree.inclusion_proof(entry.index, size)
        receipt = sign_receipt(board_key, board.election.fingerprint_text, entry, text, proof)
        rows.answers.append(_answer(submission, LOGGED, codec.encode_canonical(receipt), entry.index))


def _refuse(board: Board, item: Item, board_key: SigningKey, now: datetime) -> dict[str, Any]:
    submission = item.submission
    if submission.kind != "ballot":
        return _answer(submission, REFUSED, item.refusal.encode(), None)
    time = codec.encode_time(max(now, submission.time))
    refusal = sign_refusal(board_key, board.election.fingerprint_text, submission.key, item.refusal, time)
    return _answer(submission, REFUSED, codec.encode_canonical(refusal), None)


def _answer(submission: Submission, state: str, answer: bytes, index: int | None) -> dict[str, Any]:
    return {"id": submission.id, "state": state, "answer": answer, "entry_index": index}


def _write(session: Session, rows: _Rows) -> None:
    session.flush()
    if rows.entries:
        session.execute(insert(LogEntry), rows.entries)
        session.execute(insert(Node), rows.nodes)
    if rows.answers:
        session.execute(update(Submission), rows.answers)
