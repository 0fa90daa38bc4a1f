"""What trustees, observers and the tally hand in. Everything is signed or proved, so nobody logs in."""

from apiflask import APIBlueprint
from flask import Response, jsonify, request

from evote.api.guards import require_json
from evote.api.schemas import Done, IntentIn, OpeningIn, PartialsOut
from evote.current import current_services
from evote.limits import HANDED_IN, limiter
from evote.security import open_data
from evote.trustees.intents import post_intent
from evote.trustees.openings import post_opening
from evote.trustees.partials import list_partials, post_partial
from evote.trustees.tallies import MOST_TALLY_BYTES, post_tally

blueprint = APIBlueprint("trustees", __name__)

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
def add_partial(election_id: object) -> Response:
    """Hand in a partial decryption; its proof is checked."""
    request.max_content_length = MOST_PARTIAL_BYTES
    require_json()
    post_partial(current_services(), str(election_id), request.get_json())
    return _accepted()


@blueprint.get("/elections/<uuid:election_id>/partials")
@blueprint.output(PartialsOut)
def partials(election_id: object) -> Response:
    """List the partial decryptions."""
    with current_services().database.reading() as session:
        found = list_partials(session, str(election_id))
    return open_data(jsonify({"partials": found}))


@blueprint.put("/elections/<uuid:election_id>/tally")
@limiter.limit(HANDED_IN)
def tally(election_id: object) -> Response:
    """Hand in tally.json; once checked it is on the log and in the record."""
    request.max_content_length = MOST_TALLY_BYTES
    require_json()
    post_tally(current_services(), str(election_id), request.get_data(cache=False))
    return _accepted()


def _accepted() -> Response:
    response = jsonify(Done(status="accepted").model_dump())
    response.status_code = 202
    return response
