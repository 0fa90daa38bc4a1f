"""Pictures and documents of an election over HTTP, under their hashes; and the rule by which options are ordered."""

from flask import Blueprint, Response

from evote.current import current_services
from evote.elections.media import read_media
from evote.elections.media_files import parse_media_path
from evote.elections.models import Election
from evote.elections.ordering import ORDER_FILE
from evote.errors import NotFound
from evote.security import open_data

blueprint = Blueprint("media", __name__)

_FOREVER = "public, max-age=31536000, immutable"
_CSP = "default-src 'none'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""Whatever a browser makes of a document, it runs nothing and belongs to no site."""


@blueprint.get("/elections/<uuid:election_id>/media/<name>")
def file(election_id: object, name: str) -> Response:
    """Serve a picture, or a document to be saved."""
    return media_response(f"media/{name}", _read(str(election_id), f"media/{name}"))


@blueprint.get(f"/elections/<uuid:election_id>/{ORDER_FILE}")
def order(election_id: object) -> Response:
    """Serve the rule by which options are ordered."""
    response = Response(_read(str(election_id), ORDER_FILE), mimetype="application/json")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Content-Security-Policy"] = _CSP
    return open_data(response)


def media_response(path: str, data: bytes) -> Response:
    """Return a file with the headers that make it harmless; its address holds its hash, so it never changes.

    Raises:
        NotFound: The path is not one of ours.
    """
    kind = parse_media_path(path)
    if kind is None:
        raise NotFound("There is no such file.")
    response = Response(data, content_type=kind.mimetype)
    response.headers["Cache-Control"] = _FOREVER
    response.headers["Content-Security-Policy"] = _CSP
    if not kind.is_picture:
        name = f"{kind.name or 'document'}.{kind.type}"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return open_data(response)


def _read(election_id: str, path: str) -> bytes:
    with current_services().database.reading() as session:
        if session.get(Election, election_id) is None:
            raise NotFound("There is no such election.")
        return read_media(session, election_id, path)
