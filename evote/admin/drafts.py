"""Drafts: definitions that are being written, saved at each step, until the manifest is made of one."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from ballots import codec
from ballots.manifest import Manifest, parse_manifest
from evote.admin.checks import CONTESTS, PARTS, Problem, find_problems
from evote.admin.deeds import note
from evote.admin.models import Assignment, Draft
from evote.admin.order_form import order_rows
from evote.admin.presets import Definition, copied_definition, new_definition
from evote.admin.roles import Role
from evote.admin.sessions import SignedIn
from evote.elections.definition import build_manifest, prepare_election, store_election
from evote.elections.loaded import find_document
from evote.elections.media import copy_media, named_media, read_orders, store_media
from evote.elections.media_files import MediaFile
from evote.elections.models import MANIFEST, Election
from evote.elections.ordering import ORDER_FILE
from evote.errors import Conflict, Malformed, NotFound
from evote.services import Services


@dataclass(frozen=True)
class DraftView:
    """A draft as stored.

    Attributes:
        languages: In which every text is asked for; the first is the main one.
    """

    id: str
    languages: tuple[str, ...]
    definition: Definition
    revision: int
    created: bool
    changed_at: datetime

    @property
    def title(self) -> dict[str, str]:
        """The election's title so far."""
        title: dict[str, str] = self.definition["title"]
        return title


def begin_draft(services: Services, official: SignedIn, preset: str, languages: Sequence[str]) -> str:
    """Start a draft from a template; returns the id that the election will have."""
    definition = new_definition(preset, languages, services.now())
    with services.database.writing() as session:
        return _store(session, services, official, definition, languages, {"template": preset})


def copy_election(services: Services, official: SignedIn, election_id: str) -> str:
    """Start a draft as a copy of an earlier election, at a new time; returns its id.

    Raises:
        NotFound: There is no such election.
    """
    with services.database.reading() as session:
        data = find_document(session, election_id, MANIFEST)
        if data is None:
            raise NotFound("There is no such election.")
        manifest = parse_manifest(data, allow_test_keys=True)
        orders = read_orders(session, election_id, manifest)
    definition = copied_definition(codec.parse_canonical(data), orders, services.now())
    languages = list(definition["title"])
    with services.database.writing() as session:
        draft_id = _store(session, services, official, definition, languages, {"copy of": election_id})
        copy_media(session, election_id, draft_id, named_media(manifest).keys() - {ORDER_FILE})
    return draft_id


def get_draft(services: Services, draft_id: str) -> DraftView:
    """Return a draft.

    Raises:
        NotFound: There is none of this id.
    """
    with services.database.reading() as session:
        row = session.get(Draft, draft_id)
        if row is None:
            raise NotFound("There is no such draft.")
        return _view(row)


def list_drafts(services: Services) -> list[DraftView]:
    """Return the drafts of which no manifest was made yet, the latest change first."""
    with services.database.reading() as session:
        query = select(Draft).where(Draft.created.is_(False)).order_by(Draft.changed_at.desc(), Draft.id)
        return [_view(row) for row in session.scalars(query)]


def save_draft(
    services: Services,
    official: SignedIn,
    draft: DraftView,
    part: str,
    changes: dict[str, Any],
    languages: Sequence[str] = (),
    files: Sequence[MediaFile] = (),
    lines: Sequence[tuple[str, dict[str, codec.Json]]] = (),
) -> DraftView:
    """Replace fields of a draft, and return it as it is now.

    Args:
        services: The application's parts.
        official: Who saves.
        draft: As it was when the page was made: its revision must still be the stored one.
        part: Which page, for the log.
        changes: {field of the definition: new value}.
        languages: New languages, if they change.
        files: To keep with it.
        lines: For the officials' log, before the line of the save: (what, details).

    Raises:
        Conflict: Somebody else saved meanwhile, or the manifest is made.
    """
    with services.database.writing() as session:
        row = _lock(session, draft.id)
        if row.created:
            raise Conflict(gettext("The manifest of this election is made; nothing in it can change any more."))
        if row.revision != draft.revision:
            raise Conflict(
                gettext("Somebody saved this draft while you wrote. Open the page again, and enter your change anew.")
            )
        chosen = list(languages) or list(draft.languages)
        row.definition = _encode({**draft.definition, **changes}, chosen)
        row.revision += 1
        row.changed_at = services.now()
        store_media(session, draft.id, files)
        for what, details in lines:
            note(session, services.now(), official.name, what, draft.id, details)
        note(session, services.now(), official.name, "draft-saved", draft.id, {"part": part, "revision": row.revision})
        session.flush()
        return _view(row)


def draft_problems(services: Services, draft: DraftView) -> list[Problem]:
    """Return what is wrong with a draft, in the order of its parts."""
    found = find_problems(draft.definition, allow_test_keys=services.settings.allow_test_keys)
    undrawn = {one["id"] for one in draft.definition["orders"] if one.get("seed", "x") == ""}
    missing = Malformed("The order of the options is to be drawn by lot: draw it.")
    wrong = {one.contest for one in found if one.part == CONTESTS}
    found += [
        Problem(CONTESTS, place, "order", missing)
        for place, contest in enumerate(draft.definition["contests"])
        if contest["id"] in undrawn and place not in wrong
    ]
    return sorted(found, key=lambda one: (PARTS.index(one.part), one.contest))


def part_states(draft: DraftView, problems: Sequence[Problem]) -> dict[str, bool]:
    """Return {part: whether nothing is wrong with it}."""
    return {part: all(problem.part != part for problem in problems) for part in PARTS}


def definition_bytes(draft: DraftView) -> bytes:
    """Return the definition as the command line takes it: canonical JSON."""
    ids = {contest["id"] for contest in draft.definition["contests"]}
    orders = [one for one in order_rows(draft.definition["orders"]) if one["id"] in ids]
    return codec.encode_canonical({**draft.definition, "orders": orders, "id": draft.id})


def preview_manifest(services: Services, draft: DraftView) -> Manifest:
    """Return the manifest that would be made.

    Raises:
        Malformed: Something is wrong with the definition.
    """
    return build_manifest(services, definition_bytes(draft))


def make_manifest(services: Services, official: SignedIn, draft_id: str, revision: int) -> Manifest:
    """Make the election's manifest; what was decided is fixed from then on. Draft, election and log change together.

    Raises:
        Malformed: Something is wrong with the definition; the text says what.
        Conflict: It is made already, or the draft was changed since the official looked.
    """
    with services.database.writing() as session:
        row = _lock(session, draft_id)
        if row.created:
            raise Conflict(gettext("The manifest of this election is made; nothing in it can change any more."))
        if row.revision != revision:
            raise Conflict(gettext("Somebody changed this draft since you looked. Look at it again first."))
        prepared = prepare_election(services, definition_bytes(_view(row)), {})
        made, manifest = session.get(Election, draft_id), prepared.manifest
        if made is None:
            store_election(session, prepared, services.now())
        elif made.manifest_hash != manifest.hash_text:  # `evote create` took a definition of this draft
            raise Conflict(
                gettext(
                    "An election was made of this draft before, on the server's command line, and says something else. "
                    "Begin a copy of it, if that one is wrong."
                )
            )
        row.created = True
        details = {"revision": revision, "manifest": manifest.hash_text}
        note(session, services.now(), official.name, "manifest-made", draft_id, details)
    return manifest


def _store(
    session: Session,
    services: Services,
    official: SignedIn,
    definition: Definition,
    languages: Sequence[str],
    details: dict[str, Any],
) -> str:
    identity = str(uuid.UUID(bytes=services.random_bytes(16), version=4))
    now = services.now()
    row = Draft(id=identity, definition=_encode(definition, list(languages)), revision=0, changed_at=now)
    row.created_by = official.official_id
    session.add(row)
    mine = Assignment(official_id=official.official_id, election_id=identity, role=Role.ELECTION_ADMIN.value)
    session.add(mine)  # who begins an election is its election admin
    note(session, now, official.name, "draft-begun", identity, details)
    return identity


def _lock(session: Session, draft_id: str) -> Draft:
    row = session.get(Draft, draft_id, with_for_update=True)
    if row is None:
        raise NotFound("There is no such draft.")
    return row


def _encode(definition: Definition, languages: Sequence[str]) -> bytes:
    return codec.encode_canonical({"definition": definition, "languages": list(languages)})


def _view(row: Draft) -> DraftView:
    fields = codec.parse_canonical(row.definition)
    definition = {"orders": [], **fields["definition"]}
    return DraftView(row.id, tuple(fields["languages"]), definition, row.revision, row.created, row.changed_at)
