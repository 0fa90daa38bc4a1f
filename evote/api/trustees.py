"""What trustees, observers and the tally hand in. Everything is signed or proved, so nobody logs in."""

from apiflask import APIBlueprint
from flask import Response, jsonify, request

from evote.api.guards import bounded, require_json
from evote.api.schemas import Done, IntentIn, OpeningIn, PartialIn, PartialsOut
from evote.current import current_services
from evote.limits import HANDED_IN, limiter
from evote.security import open_data
from evote.trustees.intents import post_intent
from evote.trustees.openings import post_opening
from evote.trustees.partials import list_partials, post_partial
from evote.trustees.tallies import MOST_TALLY_BYTES, post_tally

blueprint = APIBlueprint("trustees", __name__, tag="Trustees")

MOST_PARTIAL_BYTES = 16 * 1024 * 1024


@blueprint.post("/elections/<uuid:election_id>/opening")
@limiter.limit(HANDED_IN)
@blueprint.input(OpeningIn)
@blueprint.output(Done, status_code=202)
def opening(election_id: object, json_data: OpeningIn) -> tuple[Done, int]:
    """Hand in a trustee's signature for the opening."""
    post_opening(current_services(), str(election_id), json_data.election, json_data.trustee, json_data.signature)
    return Done(status="accepted"), 202


@blueprint.post("/elections/<uuid:election_id>/intents")
@limiter.limit(HANDED_IN)
@blueprint.input(IntentIn)
@blueprint.output(Done, status_code=202)
def intents(election_id: object, json_data: IntentIn) -> tuple[Done, int]:
    """Hand in a signer's one intent; it is then on the log."""
    post_intent(current_services(), str(election_id), json_data.model_dump(exclude_none=True))
    return Done(status="accepted"), 202


@blueprint.post("/elections/<uuid:election_id>/partials")
@limiter.limit(HANDED_IN)
@bounded(lambda **_: MOST_PARTIAL_BYTES)
@blueprint.input(PartialIn)
@blueprint.output(Done, status_code=202)
def add_partial(election_id: object, json_data: PartialIn) -> tuple[Done, int]:
    """Hand in a partial decryption; its proof is checked."""
    post_partial(current_services(), str(election_id), json_data.model_dump())
    return Done(status="accepted"), 202


@blueprint.get("/elections/<uuid:election_id>/partials")
@blueprint.output(PartialsOut)
def partials(election_id: object) -> Response:
    """List the partial decryptions."""
    with current_services().database.reading() as session:
        found = list_partials(session, str(election_id))
    return open_data(jsonify({"partials": found}))


@blueprint.put("/elections/<uuid:election_id>/tally")
@limiter.limit(HANDED_IN)
@bounded(lambda **_: MOST_TALLY_BYTES)
@blueprint.output(Done, status_code=202)
def tally(election_id: object) -> tuple[Done, int]:
    """Hand in the bytes of tally.json; once checked it is on the log and in the record."""
    require_json()
    post_tally(current_services(), str(election_id), request.get_data(cache=False))
    return Done(status="accepted"), 202
