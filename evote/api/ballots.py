"""Casting and auditing. A ballot's address is its tracker; what stands there is signed by the board."""

from apiflask import APIBlueprint
from flask import Response

from evote.accounts.login import require_voter
from evote.api.guards import bounded, own_pages_only
from evote.api.schemas import AuditedIn, BallotIn, Done
from evote.casting.audits import announce_audit
from evote.casting.ballots import Answer, cast_ballot, find_answer
from evote.current import current_services
from evote.elections.cost import most_request_bytes
from evote.limits import AUDITS, CASTS, limiter, voter_or_address

blueprint = APIBlueprint("ballots", __name__, tag="Ballots")

_DOCUMENTS: dict[int, str] = {
    201: "On the log: the receipt",
    202: "Durable and waiting: the promise",
    422: "A signed refusal, or an error: then nothing was stored",
}


def _most_bytes(election_id: object, **_: object) -> int:
    voter = require_voter(str(election_id))
    return most_request_bytes(current_services().elections.get(voter.election_id), voter.style)


@blueprint.put("/elections/<uuid:election_id>/ballots/<string(length=43):tracker>")
@limiter.limit(CASTS, key_func=voter_or_address)
@own_pages_only
@bounded(_most_bytes)
@blueprint.input(BallotIn)
@blueprint.doc(responses=_DOCUMENTS)
def cast(election_id: object, tracker: str, json_data: BallotIn) -> Response:
    """Cast a ballot; the same request again tells how it stands."""
    voter = require_voter(str(election_id))
    return _render(cast_ballot(current_services(), voter, tracker, json_data.ballot, json_data.signature))


@blueprint.get("/elections/<uuid:election_id>/ballots/<string(length=43):tracker>")
@blueprint.doc(responses=_DOCUMENTS)
def show(election_id: object, tracker: str) -> Response:
    """Show what stands at a ballot's address."""
    with current_services().database.reading() as session:
        return _render(find_answer(session, str(election_id), tracker))


@blueprint.post("/elections/<uuid:election_id>/audited")
@limiter.limit(AUDITS, key_func=voter_or_address)
@own_pages_only
@blueprint.input(AuditedIn)
@blueprint.output(Done, status_code=202)
def audited(election_id: object, json_data: AuditedIn) -> tuple[Done, int]:
    """Say that a ballot was opened for an audit and must never be cast."""
    announce_audit(current_services(), require_voter(str(election_id)), json_data.tracker)
    return Done(status="accepted"), 202


def _render(answer: Answer) -> Response:
    return Response(answer.document, answer.status, mimetype="application/json")
