"""The page of the record: its files, and how to check them."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template
from flask_babel import gettext
from sqlalchemy.orm import Session

from evote.board.queries import newest_checkpoint
from evote.current import current_services
from evote.elections.models import KEY, MANIFEST, ROLL, TALLY
from evote.elections.queries import get_election
from evote.pages.blueprint import pages
from evote.pages.board import LINES_PER_FILE
from evote.pages.filters import localized
from evote.pages.queries import document_sizes, stream_sizes
from evote.pages.result import record_address


@dataclass(frozen=True)
class File:
    """A published file; `name` is its path within the record."""

    name: str
    meaning: str
    size: int


@pages.get("/elections/<uuid:election_id>/record/")
def record(election_id: object) -> str:
    """Show the files of the record and how to check them."""
    key = str(election_id)
    with current_services().database.reading() as session:
        detail = get_election(session, key)
        files = list_files(session, key, detail.summary.state)
    return render_template(
        "pages/record.html",
        title=localized(detail.manifest.title),
        files=files,
        total_size=sum(file.size for file in files),
        record_address=record_address(key),
        fingerprint=detail.summary.fingerprint,
        tallied=detail.summary.state == "tallied",
    )


def list_files(session: Session, election_id: str, state: str) -> Sequence[File]:
    """Return what is published by now, in the order of the specification."""
    documents = document_sizes(session, election_id)
    names = {
        MANIFEST: (
            "manifest.json",
            gettext("Everything fixed before the key was made: contests, times, trustees, rules."),
        ),
        KEY: ("key.json", gettext("The public key and the certificate that it is sound.")),
        ROLL: ("roll.jsonl", gettext("Voter numbers' keys with ballot style and weight; no names.")),
    }
    files = [File(*names[name], documents[name]) for name in names if name in documents]
    head = newest_checkpoint(session, election_id)
    if head is None:
        return files
    logs, ballots = stream_sizes(session, election_id, LINES_PER_FILE)
    log, ballot = gettext("Entries of the board."), gettext("Encrypted ballots with their proofs.")
    files += [File(f"log/{place:05}.jsonl", log, size) for place, size in enumerate(logs)]
    files += [File(f"ballots/{place:05}.jsonl", ballot, size) for place, size in enumerate(ballots)]
    files.append(File("checkpoint", gettext("The board's signature over all entries."), len(head.text.encode())))
    if state == "tallied" and TALLY in documents:
        meaning = gettext("The result: sums, certificates and the trustees' parts.")
        files.append(File("tally.json", meaning, documents[TALLY]))
    return files
