"""Make an election from what the official wrote: fill in what the server knows, and check everything."""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from ballots import codec
from ballots.errors import BallotsError
from ballots.manifest import Manifest, parse_manifest
from evote.elections.documents import store_document
from evote.elections.media import check_media, forget_unnamed, named_media, read_orders, store_media
from evote.elections.media_files import MediaFile
from evote.elections.media_folder import take_media, take_orders
from evote.elections.models import DRAFT, MANIFEST, Election
from evote.errors import Conflict, Malformed
from evote.services import Services
from evote.strict import parse_strict

_STATIC = Path(__file__).parents[2] / "static"
_BOOTH_FOLDERS = ("js/booth", "js/protocol", "vendor/noble")


@dataclass(frozen=True)
class Prepared:
    """The manifest of a definition, and files that it names and that came with the definition."""

    manifest: Manifest
    files: tuple[MediaFile, ...]


def create_election(services: Services, definition: bytes, folder: Mapping[str, bytes] | None = None) -> Manifest:
    """Store a new election as a draft.

    Args:
        services: The application's parts.
        definition: JSON: the manifest, in which id, version, board_key, log_origin and booth may be left out, and
            `orders` may be added (docs/spec.md says how options are ordered).
        folder: {name: bytes} of pictures and documents that options name.

    Raises:
        Malformed: The definition breaks a rule, or a file that it names is missing; the text says which.
        Conflict: There is an election with this id already.
    """
    prepared = prepare_election(services, definition, folder or {})
    with services.database.writing() as session:
        store_election(session, prepared, services.now())
    return prepared.manifest


def store_election(session: Session, prepared: Prepared, now: datetime) -> None:
    """Store a prepared election as a draft; files that came before it, under its id, count too.

    Raises:
        Malformed: A file that the manifest names is missing; the text says which.
        Conflict: There is an election with this id already.
    """
    manifest = prepared.manifest
    if session.get(Election, manifest.id) is not None:
        raise Conflict("There is an election with this id already. Leave id out, and a new one is made.")
    session.add(
        Election(
            id=manifest.id,
            state=DRAFT,
            created_at=now,
            opens_at=codec.parse_time(manifest.opens_at),
            closes_at=codec.parse_time(manifest.closes_at),
            closing=manifest.closing,
            manifest_hash=manifest.hash_text,
            last_time=now,
        )
    )
    session.flush()
    store_document(session, manifest.id, MANIFEST, manifest.encode())
    store_media(session, manifest.id, prepared.files)
    session.flush()
    check_media(session, manifest.id, named_media(manifest))
    read_orders(session, manifest.id, manifest)
    forget_unnamed(session, manifest.id, named_media(manifest))


def build_manifest(services: Services, definition: bytes) -> Manifest:
    """Make the manifest of a definition, and store nothing; arguments and errors as for :func:`create_election`."""
    return prepare_election(services, definition, {}).manifest


def prepare_election(services: Services, definition: bytes, folder: Mapping[str, bytes]) -> Prepared:
    """Make manifest and files of a definition, and store nothing; arguments and errors as for `create_election`."""
    fields, pictures = take_media(_complete(services, parse_strict(definition)), folder)
    fields, orders = take_orders(fields, folder)
    try:
        manifest = parse_manifest(codec.encode_canonical(fields), allow_test_keys=services.settings.allow_test_keys)
    except BallotsError as error:
        raise Malformed.because(error) from None
    if manifest.board_key != services.board_key.public:
        raise Malformed("board_key is not this server's. Leave it out of the definition: the server fills it in.")
    return Prepared(manifest, (*pictures, *orders))


def hash_booth(static: Path = _STATIC) -> dict[str, str]:
    """Return {path below the site's root: SHA-256} of every script the booth loads."""
    files = sorted(file for folder in _BOOTH_FOLDERS for file in (static / folder).rglob("*.js"))
    return {
        f"static/{file.relative_to(static).as_posix()}": codec.encode_bytes(hashlib.sha256(file.read_bytes()).digest())
        for file in files
    }


def _complete(services: Services, fields: Any) -> dict[str, Any]:
    if not isinstance(fields, dict):
        raise Malformed("The definition must be a JSON object: a manifest without what the server fills in.")
    identity = fields.get("id") or str(uuid.UUID(bytes=services.random_bytes(16), version=4))
    filled = {
        "id": identity,
        "version": 1,
        "board_key": services.board_key.public,
        "log_origin": f"{services.settings.site}/elections/{identity}",
        "booth": hash_booth(),
    }
    return {**filled, **fields}
