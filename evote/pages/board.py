"""The board: entries in pages, a search, and each entry with its proof."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request
from flask_babel import gettext
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import StringField

from ballots import codec, merkle
from ballots.checkpoint import parse_checkpoint
from evote.board.queries import (
    PAGE,
    EntryLine,
    EntryPage,
    ProvenEntry,
    find_ballot,
    get_entry,
    list_entries,
    newest_checkpoint,
    search_entries,
)
from evote.current import current_services
from evote.elections.queries import ElectionDetail, get_election
from evote.pages.blueprint import pages
from evote.pages.filters import localized, printable
from evote.pages.queries import ballot_number, latest_ballots, withdrawn_keys
from evote.pages.turnout import view_turnout
from evote.pages.wording import entry_meaning, entry_name

LINES_PER_FILE = 10_000


@dataclass(frozen=True)
class EntryView:
    """An entry as the board shows it.

    Attributes:
        superseded_by: Index of the same voter's latest ballot, where this is an older one.
        withdrawn: A ballot whose key was replaced or struck.
    """

    line: EntryLine
    name: str
    meaning: str
    superseded_by: int | None
    withdrawn: bool


@dataclass(frozen=True)
class PathStep:
    """One hash on the way from an entry to the root; `on_left` says on which side it stands."""

    hash: str
    on_left: bool


@dataclass(frozen=True)
class ProofView:
    """The way from an entry to the signed root, recomputed for this page."""

    leaf_hash: str
    steps: Sequence[PathStep]
    size: int
    root: str
    checkpoint: str


class SearchForm(FlaskForm):  # type: ignore[misc]  # untyped base class
    """A tracker, a voter number, the beginning of one, or an entry's number."""

    q = StringField()


@pages.get("/elections/<uuid:election_id>/board")
def board(election_id: object) -> str:
    """Show a page of the board, or what a search finds."""
    key, query = str(election_id), printable(request.args.get("q"))[:100]
    form = SearchForm(request.args, meta={"csrf": False})
    form.q.label.text = gettext("Tracker or voter number")
    start = request.args.get("start", type=int)
    with current_services().database.reading() as session:
        detail = get_election(session, key)
        newest = max(0, detail.log_size - PAGE)
        first = newest if start is None else min(max(start, 0), detail.log_size)
        page = EntryPage(search_entries(session, key, query), detail.log_size, None, None) if query else None
        page = page or list_entries(session, key, first)
        head = newest_checkpoint(session, key)
        entries = view_entries(session, key, page.entries[::-1])
        turnout = None if query or start is not None else view_turnout(session, detail, current_services().now())
    return render_template(
        "pages/board.html",
        title=localized(detail.manifest.title),
        form=form,
        query=query,
        page=page,
        entries=entries,
        checkpoint=head.text if head else "",
        turnout=turnout,
    )


@pages.get("/elections/<uuid:election_id>/board/<int:index>")
def entry(election_id: object, index: int) -> str:
    """Show one entry with the proof that the newest checkpoint covers it."""
    key = str(election_id)
    with current_services().database.reading() as session:
        detail = get_election(session, key)
        found = get_entry(session, key, index)
        (view,) = view_entries(session, key, [found.line])
        previous = str(found.line.body.get("previous", ""))
        previous_index = find_ballot(session, key, previous) if previous else None
        number = ballot_number(session, key, index)
    return render_template(
        "pages/entry.html",
        title=localized(detail.manifest.title),
        state=detail.summary.state,
        entry=view,
        proof=view_proof(found, detail),
        previous=previous_index,
        text=found.data.decode(),
        ballot_line=None if number is None else number % LINES_PER_FILE + 1,
        ballot_file="" if number is None else f"ballots/{number // LINES_PER_FILE:05}.jsonl",
    )


def view_entries(session: Session, election_id: str, lines: Sequence[EntryLine]) -> list[EntryView]:
    """Mark which ballots no longer count."""
    some = any(line.voter for line in lines)
    latest = latest_ballots(session, election_id, lines) if some else {}
    withdrawn = withdrawn_keys(session, election_id) if some else frozenset()
    return [
        EntryView(
            line=line,
            name=entry_name(line.type),
            meaning=entry_meaning(line.type),
            superseded_by=None if latest.get(line.voter, line.index) == line.index else latest[line.voter],
            withdrawn=line.voter in withdrawn,
        )
        for line in lines
    ]


def view_proof(found: ProvenEntry, detail: ElectionDetail) -> ProofView:
    """Recompute the way from an entry to the signed root, and say on which side each hash stands.

    Raises:
        LogError: The stored nodes do not lead to the signed root.
    """
    manifest, index = detail.manifest, found.line.index
    head = parse_checkpoint(found.checkpoint, manifest.log_origin, manifest.board_key)
    proof = [codec.decode_bytes(step, 32) for step in found.inclusion_proof]
    merkle.verify_inclusion(codec.decode_bytes(found.leaf_hash, 32), index, found.size, proof, head.root)
    sides = left_sides(index, found.size)
    return ProofView(
        leaf_hash=found.leaf_hash,
        steps=[PathStep(text, side) for text, side in zip(found.inclusion_proof, sides, strict=True)],
        size=found.size,
        root=codec.encode_bytes(head.root),
        checkpoint=found.checkpoint,
    )


def left_sides(index: int, size: int) -> list[bool]:
    """Say for each hash of an inclusion proof, leaf upwards, whether it stands on the left (RFC 9162, 2.1.3)."""
    sides, start, end = [], 0, size
    while end - start > 1:
        middle = start + (1 << (end - start - 1).bit_length() - 1)
        on_left = index >= middle
        sides.append(on_left)
        start, end = (middle, end) if on_left else (start, middle)
    return sides[::-1]
