"""The record over HTTP: the same files as in the folder, with ranges and tags, for everybody.

A whole JSON document (manifest, key, tally) goes out compressed to whoever can read that.
"""

from flask import Blueprint, Response, request
from werkzeug.datastructures import Range

from ballots.served import RecordFile
from evote.board.record import open_record_file
from evote.compression import MOST_BYTES, compressed
from evote.current import current_services
from evote.security import open_data

blueprint = Blueprint("record", __name__)

_TYPES = {"json": "application/json", "jsonl": "application/jsonl"}
_FOREVER = "public, max-age=31536000, immutable"


@blueprint.get("/elections/<uuid:election_id>/record/<path:path>")
def file(election_id: object, path: str) -> Response:
    """Serve a file of the record, or a part of it."""
    return serve_file(open_record_file(current_services().database, str(election_id), path), path)


def serve_file(found: RecordFile, path: str) -> Response:
    """Answer with a file of a record, or the part of it that the request asks for; the path says its type."""
    response = _respond(found)
    response.mimetype = _TYPES.get(path.rpartition(".")[2], "text/plain")
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = _FOREVER if found.final else "no-cache"
    if path.endswith(".json") and found.size <= MOST_BYTES and "Range" not in request.headers:
        return compressed(open_data(response), found.tag)
    response.set_etag(found.tag)
    return open_data(response)


def _respond(found: RecordFile) -> Response:
    if request.if_none_match.contains(found.tag):
        return Response(status=304)
    wanted = _wanted_range(found)
    if wanted is None:
        return _body(found, 0, found.size)
    span = wanted.range_for_length(found.size)
    if span is None:
        return Response(status=416, headers={"Content-Range": f"bytes */{found.size}"})
    response = _body(found, *span)
    response.status_code = 206
    response.headers["Content-Range"] = f"bytes {span[0]}-{span[1] - 1}/{found.size}"
    return response


def _wanted_range(found: RecordFile) -> Range | None:
    """Return the one range asked for; several at once, or one of another version, mean the whole."""
    wanted, version = request.range, request.if_range
    if wanted is None or wanted.units != "bytes" or len(wanted.ranges) != 1:
        return None
    if request.headers.get("If-Range") and version.etag != found.tag:
        return None
    return wanted


def _body(found: RecordFile, start: int, stop: int) -> Response:
    response = Response(found.stream(start, stop), 200)
    response.content_length = stop - start
    return response
