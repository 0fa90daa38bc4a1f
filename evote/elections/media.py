"""Media of an election: kept in the database beside it, checked against the manifest, never part of the record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import LargeBinary, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from ballots.manifest import Manifest
from evote.database.base import Base
from evote.elections.documents import hash_text
from evote.elections.media_files import MediaFile
from evote.elections.ordering import ORDER_FILE, Order, parse_orders
from evote.errors import Malformed, NotFound


class Media(Base):
    """A file that a manifest names, or a draft that may become one.

    Attributes:
        election_id: Of an election, or of the draft that will have this id.
        path: As in the manifest.
        sha256: base64url.
    """

    __tablename__ = "media"

    election_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    path: Mapped[str] = mapped_column(String(120), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(43))
    size: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


@dataclass(frozen=True)
class MediaEntry:
    """A stored file without its bytes; `size` in bytes."""

    path: str
    sha256: str
    size: int


def named_media(manifest: Manifest) -> dict[str, str]:
    """Return {path: SHA-256} of all that a manifest names and the server keeps: options' media, the orders' file."""
    named = {
        path: sha256 for one in manifest.contests for option in one.options for path, sha256 in option.media.items()
    }
    return named | {path: sha256 for path, sha256 in manifest.booth.items() if path == ORDER_FILE}


def store_media(session: Session, election_id: str, files: Iterable[MediaFile]) -> None:
    """Keep files of an election or draft; one of the same path is replaced."""
    for file in files:
        row = Media(election_id=election_id, path=file.path, sha256=file.sha256, size=len(file.data), data=file.data)
        session.merge(row)


def list_media(session: Session, election_id: str) -> dict[str, MediaEntry]:
    """Return {path: file} of what is kept."""
    query = select(Media.path, Media.sha256, Media.size).where(Media.election_id == election_id).order_by(Media.path)
    return {row.path: MediaEntry(row.path, row.sha256, row.size) for row in session.execute(query)}


def read_media(session: Session, election_id: str, path: str) -> bytes:
    """Return a file's bytes.

    Raises:
        NotFound: There is no such file.
    """
    data = session.scalar(select(Media.data).where(Media.election_id == election_id, Media.path == path))
    if data is None:
        raise NotFound("There is no such file.")
    return data


def copy_media(session: Session, old_id: str, new_id: str, paths: Iterable[str]) -> None:
    """Give a draft copies of files that another election keeps; those that are missing stay missing."""
    rows = session.scalars(select(Media).where(Media.election_id == old_id, Media.path.in_(list(paths))))
    store_media(session, new_id, [MediaFile(row.path, row.data) for row in rows])


def check_media(session: Session, election_id: str, named: Mapping[str, str]) -> None:
    """Check that every named file is there with the bytes that were named.

    Args:
        session: Of the database.
        election_id: Whose files.
        named: {path: SHA-256}, of `named_media`.

    Raises:
        Malformed: One is missing or differs; the text says which.
    """
    rows = session.execute(select(Media.path, Media.data).where(Media.election_id == election_id))
    held = {row.path: hash_text(row.data) for row in rows}
    for path, sha256 in named.items():
        if path not in held:
            raise Malformed("The manifest names the file %(path)s, and the server does not have it.", path=path)
        if held[path] != sha256:
            raise Malformed("The server's file %(path)s is not the one that the manifest names.", path=path)


def forget_unnamed(session: Session, election_id: str, named: Iterable[str]) -> None:
    """Throw away what no option names any more."""
    session.execute(delete(Media).where(Media.election_id == election_id, Media.path.not_in(list(named))))


def read_orders(session: Session, election_id: str, manifest: Manifest) -> dict[str, Order]:
    """Return {contest id: order} of an election; nothing for contests shown as in the manifest."""
    if ORDER_FILE not in manifest.booth:
        return {}
    return parse_orders(read_media(session, election_id, ORDER_FILE), [one.id for one in manifest.contests])
