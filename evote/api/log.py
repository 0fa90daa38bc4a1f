"""Proofs from the log, for browsers and programs that do not read all of it: open data, kept by caches."""

from apiflask import APIBlueprint
from flask import Response, jsonify, request

from ballots import codec
from evote.api.schemas import ConsistencyOut, EntriesOut, EntryOut
from evote.board.queries import (
    entry_data,
    list_entries,
    log_size,
    prove_consistency,
    prove_inclusion,
    search_entries,
)
from evote.current import current_services
from evote.errors import Malformed, NotFound
from evote.security import open_data

blueprint = APIBlueprint("log", __name__, tag="Log")

KINDS = ("close", "tally", "annul", "extend", "replace", "strike")
MOST_ENTRIES = 50
_FOREVER = "public, max-age=31536000, immutable"
"""What was proved once stays true: a log only grows."""


@blueprint.get("/elections/<uuid:election_id>/log/consistency")
@blueprint.output(ConsistencyOut)
def consistency(election_id: object) -> Response:
    """Prove that the log of `new` entries continues the log of `old` (RFC 9162, section 2.1.4)."""
    key, old, new = str(election_id), _whole("old"), _whole("new")
    with current_services().database.reading() as session:
        size = log_size(session, key)
        if not 1 <= old <= new <= size:
            raise NotFound("The log has %(size)s entries; ask for sizes from 1 to there, the smaller first.", size=size)
        proof = [codec.encode_bytes(step) for step in prove_consistency(session, key, old, new)]
    response = open_data(jsonify(ConsistencyOut(old=old, new=new, proof=proof).model_dump()))
    response.headers["Cache-Control"] = _FOREVER
    return response


@blueprint.get("/elections/<uuid:election_id>/log/entries")
@blueprint.output(EntriesOut)
def entries(election_id: object) -> Response:
    """Find entries by `q` (tracker, voter number, index), or of a `kind` from `start` on; proved in a log of `size`."""
    key, query, kind, size = str(election_id), request.args.get("q", ""), request.args.get("kind", ""), _whole("size")
    if bool(query) == bool(kind) or len(query) > 100 or (kind and kind not in KINDS):
        raise Malformed("Ask either for q, at most 100 characters, or for one kind: %(kinds)s.", kinds=", ".join(KINDS))
    with current_services().database.reading() as session:
        if not 1 <= size <= log_size(session, key):
            raise NotFound("The log is not as long as that.")
        if query:
            lines = search_entries(session, key, query, page=MOST_ENTRIES)
        else:
            lines = list_entries(session, key, _whole("start", "0"), kind=kind, page=MOST_ENTRIES).entries
        found = [
            EntryOut(
                entry=entry_data(session, key, line.index).decode(),
                inclusion_proof=[codec.encode_bytes(step) for step in prove_inclusion(session, key, line.index, size)],
            )
            for line in (line for line in lines if line.index < size)
        ]
    return open_data(jsonify(EntriesOut(size=size, entries=found).model_dump()))


def _whole(name: str, otherwise: str = "") -> int:
    value = request.args.get(name, otherwise)
    if not value.isascii() or not value.isdigit() or len(value) > 9:
        raise Malformed("%(name)s must be a whole number.", name=name)
    return int(value)
