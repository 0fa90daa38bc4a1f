"""Put a simulated election into the server's database as the sequencer would have left it, without running one."""

from datetime import datetime

from sqlalchemy.orm import Session

from ballots import codec, merkle
from ballots.checkpoint import Head, sign_checkpoint
from ballots.credentials import short_tracker, voter_number
from ballots.result import Tally
from ballots.roll import RollLine
from evote.accounts.models import Voter
from evote.board.models import Checkpoint, LogEntry, Node
from evote.casting.models import BallotText
from evote.database import Database
from evote.elections.documents import store_document
from evote.elections.models import KEY, MANIFEST, ROLL, TALLY, Election
from tests.support.elections import Simulation, seeded_key
from tests.support.elections import Voter as SimulatedVoter


def store(database: Database, simulation: Simulation, state: str, tally: Tally | None = None) -> str:
    """Store an election with all its entries; returns its id.

    Args:
        database: With its schema in place.
        simulation: Driven as far as wanted; without entries it is stored as a draft or frozen.
        state: What the server calls the state.
        tally: For a tallied election.
    """
    manifest, key = simulation.election.manifest, simulation.election.manifest.id
    roll = sorted((_roll_line(voter) for voter in simulation.voters), key=lambda line: line.voter)
    with database.writing() as session:
        session.add(_row(simulation, state))
        session.flush()
        store_document(session, key, MANIFEST, manifest.encode())
        if state != "draft":
            store_document(session, key, KEY, simulation.election.key_document.encode())
            store_document(session, key, ROLL, b"".join(line.encode() for line in roll))
        if tally is not None:
            store_document(session, key, TALLY, tally.encode())
        for number, voter in enumerate(simulation.voters, 1):
            login, mail, line = f"V-{number:03}", f"voter{number}@example.org", _roll_line(voter)
            session.add(
                Voter(election_id=key, login=login, mail=mail, key=line.voter, style=line.style, weight=line.weight)
            )
        _store_log(session, simulation)
    return key


def _roll_line(voter: SimulatedVoter) -> RollLine:
    return RollLine(voter.key.public, voter.style, voter.weight)


def _row(simulation: Simulation, state: str) -> Election:
    manifest, board = simulation.election.manifest, simulation.board
    opens_at = codec.parse_time(manifest.opens_at)
    return Election(
        id=manifest.id,
        state=state,
        created_at=opens_at,
        opens_at=opens_at,
        closes_at=_closing(simulation),
        closing=manifest.closing,
        manifest_hash=manifest.hash_text,
        fingerprint="" if state == "draft" else simulation.fingerprint,
        voters=0 if state == "draft" else len(simulation.voters),
        door_open=state == "open",
        last_time=simulation.now,
        log_size=board.size,
        ballot_count=len(simulation.ballots),
    )


def _closing(simulation: Simulation) -> datetime:
    extensions = [entry.body["closes_at"] for entry in simulation.entries if entry.type == "extend"]
    return codec.parse_time([simulation.election.manifest.closes_at, *extensions][-1])


def _store_log(session: Session, simulation: Simulation) -> None:
    tree, key, number, log_end, ballot_end = merkle.MerkleTree(), simulation.election.manifest.id, 0, 0, 0
    for entry in simulation.entries:
        data = entry.encode()
        log_end += len(data) + 1
        for level, position, node in tree.append(merkle.leaf_hash(data)):
            session.add(Node(election_id=key, level=level, position=position, hash=node))
        row = LogEntry(
            election_id=key,
            index=entry.index,
            type=entry.type,
            time=codec.parse_time(entry.time),
            data=data,
            log_end=log_end,
        )
        if entry.type in ("ballot", "audited"):
            row.tracker = entry.body["tracker"]
            row.tracker_code = short_tracker(entry.body["tracker"]).replace("-", "")
        if entry.type == "ballot":
            ballot = simulation.ballots[number].encode()
            ballot_end += len(ballot) + 1
            row.voter, row.voter_code = entry.body["voter"], voter_number(entry.body["voter"]).replace("-", "")
            row.ballot_number, row.ballot_end = number, ballot_end
            session.add(BallotText(election_id=key, tracker=entry.body["tracker"], data=ballot))
            number += 1
        session.add(row)
    if tree.size:
        head = Head(tree.size, tree.root())
        text = sign_checkpoint(simulation.election.manifest.log_origin, head, seeded_key("board"))
        session.add(Checkpoint(election_id=key, size=head.size, root=head.root, text=text))
