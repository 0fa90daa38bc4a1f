"""Bring in a finished consultation of Polis from its open data: statements, votes, and the map that follows."""

import csv
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from participation.consultations import acts
from participation.consultations.acts import ConsultationData, PhaseData
from participation.consultations.kinds import PhaseKind
from participation.contributions.kinds import ContributionKind, ContributionState, Reason
from participation.contributions.models import Contribution
from participation.errors import Unacceptable
from participation.numbers import read_whole
from participation.people.models import Person
from participation.ports import Ports
from participation.statements.models import StatementVote
from participation.text import one_line, paragraphs, search_key

_FILES = ("comments.csv", "participants-votes.csv", "summary.csv")
_MOST_BYTES = 50_000_000
_REFUSED = "-1"


def import_polis(ports: Ports, folder: Path, authority_id: int, language: str = "en", days: int = 14) -> str:
    """Import a folder of Polis open data as a published consultation; returns its id.

    Statements that its moderators refused come in as taken down. Participants come in as people without a mailbox,
    under random keys.

    Args:
        ports: The ports.
        folder: With comments.csv, participants-votes.csv and summary.csv.
        authority_id: Who owes the report.
        language: Of the texts.
        days: For which it stays open from now.

    Raises:
        Unacceptable: A file is missing or damaged; the text says which.
    """
    comments, rows, summary = (_read(folder / name) for name in _FILES)
    about = {row[0]: row[1] for row in summary if len(row) == 2}
    statements = _table(comments, "comments.csv")
    participants = _table(rows, "participants-votes.csv")
    now = ports.now()
    with ports.database.writing() as session:
        title = one_line(about.get("topic") or folder.name)
        text = paragraphs(about.get("conversation-description") or title)
        data = ConsultationData(language, title, text, "", authority_id)
        made = acts.begin_consultation(session, ports, data, by="import")
        part = PhaseData(
            PhaseKind.STATEMENTS, title, "", opens_at=now - timedelta(minutes=1), closes_at=now + timedelta(days=days)
        )
        phase = acts.save_phase(session, ports, made.id, made.revision, part, by="import")
        written: dict[str, Contribution] = {}
        for row in sorted(statements, key=lambda row: int(row["comment-id"])):
            body, refused = paragraphs(row["comment-body"]), row["moderated"] == _REFUSED
            written[row["comment-id"]] = Contribution(
                phase_id=phase.id,
                kind=ContributionKind.STATEMENT,
                text=body,
                words=search_key(body),
                state=ContributionState.HIDDEN if refused else ContributionState.SHOWN,
                reason=Reason.OFF_TOPIC if refused else "",
                at=now,
            )
        session.add_all(written.values())
        people = {
            row["participant"]: Person(
                method="import", key=ports.random_bytes(32).hex(), language=language, joined_at=now
            )
            for row in participants
        }
        session.add_all(people.values())
        session.flush()
        session.add_all(
            StatementVote(statement_id=one.id, person_id=people[row["participant"]].id, vote=_vote(row[number]), at=now)
            for row in participants
            for number, one in written.items()
            if row.get(number, "") != ""
        )
        acts.publish(session, ports, made.id, made.revision, by="import")
        return made.id


def _read(path: Path) -> list[list[str]]:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise Unacceptable("%(file)s is too large for a consultation.", file=path.name)
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))
    except (OSError, UnicodeDecodeError, csv.Error):
        raise Unacceptable("%(file)s is missing or cannot be read.", file=path.name) from None


def _table(rows: list[list[str]], name: str) -> list[Mapping[str, str]]:
    needed = {"comments.csv": {"comment-id", "comment-body", "moderated"}, "participants-votes.csv": {"participant"}}
    head = rows[0] if rows else []
    if not needed[name] <= set(head) or any(len(row) != len(head) for row in rows):
        raise Unacceptable("%(file)s is not a table of Polis: a column is missing, or a line is cut off.", file=name)
    table = [dict(zip(head, row, strict=True)) for row in rows[1:]]
    if name == "comments.csv" and any(read_whole(row["comment-id"]) is None for row in table):
        raise Unacceptable("%(file)s is not a table of Polis: a comment's number is none.", file=name)
    return list(table)


def _vote(text: str) -> int:
    if text not in ("1", "0", "-1"):
        raise Unacceptable("A vote is 1, 0 or -1, not %(text)s.", text=text)
    return int(text)
