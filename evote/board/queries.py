"""What the public pages and the API ask about the log. Every function takes a session of `Database.reading()`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, or_, select, tuple_
from sqlalchemy.orm import Session

from ballots import codec, merkle
from ballots.credentials import ALPHABET, voter_number
from evote.board.models import Checkpoint, LogEntry, Node
from evote.errors import NotFound
from participation.numbers import read_whole

PAGE = 50
SHORTEST_SEARCH = 3
_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0"})


@dataclass(frozen=True)
class EntryLine:
    """One entry of the log.

    Attributes:
        body: The entry's body, parsed.
        tracker, tracker_code: Of a ballot or an audited one; the code in fives joined by hyphens. Else empty.
        voter, voter_code: Of a ballot: public key and voter number. Else empty.
    """

    index: int
    type: str
    time: datetime
    body: dict[str, codec.Json]
    tracker: str
    tracker_code: str
    voter: str
    voter_code: str


@dataclass(frozen=True)
class EntryPage:
    """Some entries, ascending.

    Attributes:
        size: Entries on the whole log.
        previous, next: `start` of the pages beside this one; nothing at the ends.
    """

    entries: Sequence[EntryLine]
    size: int
    previous: int | None
    next: int | None


@dataclass(frozen=True)
class ProvenEntry:
    """An entry with the proof that the newest checkpoint covers it.

    Attributes:
        data: The canonical entry: the leaf's bytes.
        leaf_hash: base64url.
        inclusion_proof: base64url hashes, leaf upwards.
        checkpoint: The signed text.
        size: What the checkpoint covers.
        superseded_by: Index of a later ballot of the same voter; nothing if there is none.
    """

    line: EntryLine
    data: bytes
    leaf_hash: str
    inclusion_proof: Sequence[str]
    checkpoint: str
    size: int
    superseded_by: int | None


def list_entries(session: Session, election_id: str, start: int = 0, *, kind: str = "", page: int = PAGE) -> EntryPage:
    """Return up to `page` entries from index `start` on, all or of one type."""
    start = max(start, 0)
    of = select(LogEntry).where(LogEntry.election_id == election_id)
    if kind:
        of = of.where(LogEntry.type == kind)
    rows = session.scalars(of.where(LogEntry.index >= start).order_by(LogEntry.index).limit(page + 1)).all()
    earlier = of.with_only_columns(LogEntry.index).where(LogEntry.index < start)
    before = session.scalars(earlier.order_by(LogEntry.index.desc()).limit(page)).all()
    return EntryPage(
        entries=[_line(row) for row in rows[:page]],
        size=log_size(session, election_id),
        previous=before[-1] if before else None,
        next=rows[page].index if len(rows) > page else None,
    )


def search_entries(session: Session, election_id: str, text: str, *, page: int = PAGE) -> Sequence[EntryLine]:
    """Return entries whose tracker, or voter number, starts with what somebody typed; or has that entry index.

    Hyphens, spaces and case are ignored, I and L are read as 1, O as 0; a whole tracker in base64url works too.
    Fewer than three characters find nothing unless they are an index.
    """
    of = select(LogEntry).where(LogEntry.election_id == election_id)
    text = text.replace("\0", "").strip()
    code = "".join(text.replace("-", "").split()).upper().translate(_LOOKALIKES)
    found = [LogEntry.tracker == text]
    if len(code) >= SHORTEST_SEARCH and set(code) <= set(ALPHABET):
        found += [column.between(code, code + "Z" * 25) for column in (LogEntry.tracker_code, LogEntry.voter_code)]
    index = read_whole(text)
    if index is not None:
        found.append(LogEntry.index == index)
    rows = session.scalars(of.where(or_(*found)).order_by(LogEntry.index).limit(page))
    return [_line(row) for row in rows]


def latest_tracker(session: Session, election_id: str, voter: str) -> str:
    """Return the tracker of a credential's latest ballot on the board, or an empty text."""
    code = voter_number(voter).replace("-", "")
    query = select(LogEntry.tracker).where(LogEntry.election_id == election_id, LogEntry.voter_code == code)
    return session.scalar(query.where(LogEntry.voter == voter).order_by(LogEntry.index.desc()).limit(1)) or ""


def find_ballot(session: Session, election_id: str, tracker: str) -> int | None:
    """Return the index of the ballot (or audited) entry with this tracker, base64url."""
    query = select(LogEntry.index).where(LogEntry.election_id == election_id, LogEntry.tracker == tracker)
    return session.scalar(query)


def get_entry(session: Session, election_id: str, index: int) -> ProvenEntry:
    """Return an entry with its proof against the newest checkpoint.

    Raises:
        NotFound: There is no such entry.
    """
    head = newest_checkpoint(session, election_id)
    row = session.get(LogEntry, (election_id, index)) if 0 <= index < 2**31 else None
    if row is None or head is None or index >= head.size:
        raise NotFound("There is no such entry on this log.")
    return ProvenEntry(
        line=_line(row),
        data=row.data,
        leaf_hash=codec.encode_bytes(merkle.leaf_hash(row.data)),
        inclusion_proof=[codec.encode_bytes(step) for step in prove_inclusion(session, election_id, index, head.size)],
        checkpoint=head.text,
        size=head.size,
        superseded_by=session.scalar(_later_ballot(row)) if row.voter else None,
    )


def entry_data(session: Session, election_id: str, index: int) -> bytes:
    """Return the canonical bytes of an entry that is known to be there."""
    return session.scalars(
        select(LogEntry.data).where(LogEntry.election_id == election_id, LogEntry.index == index)
    ).one()


def newest_checkpoint(session: Session, election_id: str) -> Checkpoint | None:
    """Return the newest signed head, or nothing before the freeze."""
    query = select(Checkpoint).where(Checkpoint.election_id == election_id)
    return session.scalar(query.order_by(Checkpoint.size.desc()).limit(1))


def checkpoint_text(session: Session, election_id: str) -> str:
    """Return the newest checkpoint's text.

    Raises:
        NotFound: The log has not begun.
    """
    head = newest_checkpoint(session, election_id)
    if head is None:
        raise NotFound("This election's log has not begun: it begins when the election is frozen.")
    return head.text


def log_size(session: Session, election_id: str) -> int:
    """Return how many entries the newest checkpoint covers; 0 before the freeze."""
    head = newest_checkpoint(session, election_id)
    return 0 if head is None else head.size


def prove_inclusion(session: Session, election_id: str, index: int, size: int) -> list[bytes]:
    """Return the inclusion proof of RFC 9162 from the stored nodes, with one query for all of them."""
    return _from_nodes(session, election_id, lambda node: merkle.inclusion_proof(index, size, node))


def prove_consistency(session: Session, election_id: str, old: int, new: int) -> list[bytes]:
    """Return the consistency proof of RFC 9162 between two sizes that are on the log."""
    return _from_nodes(session, election_id, lambda node: merkle.consistency_proof(old, new, node))


def _from_nodes(
    session: Session, election_id: str, prove: Callable[[merkle.NodeReader], Sequence[bytes]]
) -> list[bytes]:
    wanted: list[tuple[int, int]] = []

    def note(level: int, position: int) -> bytes:
        wanted.append((level, position))
        return bytes(32)

    prove(note)
    if not wanted:
        return []
    query = select(Node).where(Node.election_id == election_id, tuple_(Node.level, Node.position).in_(wanted))
    nodes = {(node.level, node.position): node.hash for node in session.scalars(query)}
    return list(prove(lambda level, position: nodes[level, position]))


def _later_ballot(row: LogEntry) -> Select[int]:
    of = select(LogEntry.index).where(LogEntry.election_id == row.election_id, LogEntry.voter_code == row.voter_code)
    return of.where(LogEntry.voter == row.voter, LogEntry.index > row.index).order_by(LogEntry.index).limit(1)


def _line(row: LogEntry) -> EntryLine:
    return EntryLine(
        index=row.index,
        type=row.type,
        time=row.time,
        body=codec.parse_canonical(row.data)["body"],
        tracker=row.tracker or "",
        tracker_code=_grouped(row.tracker_code),
        voter=row.voter or "",
        voter_code=_grouped(row.voter_code),
    )


def _grouped(code: str | None) -> str:
    code = code or ""
    return "-".join(code[start : start + 5] for start in range(0, len(code), 5))
