"""Logging in and out, and who one is."""

from apiflask import APIBlueprint
from flask import Response, jsonify, make_response

from evote.accounts.codes import log_in, request_code
from evote.accounts.login import begin, end, require_voter
from evote.accounts.sessions import LoggedIn
from evote.api.guards import own_pages_only
from evote.api.schemas import CodeIn, Done, LoginIn, MeOut
from evote.board.queries import latest_tracker
from evote.current import current_services
from evote.limits import CODE_REQUESTS, LOGINS, limiter

blueprint = APIBlueprint("login", __name__, tag="Login")


@blueprint.post("/elections/<uuid:election_id>/login/code")
@limiter.limit(CODE_REQUESTS)
@own_pages_only
@blueprint.input(CodeIn)
@blueprint.output(Done, status_code=202, description="Accepted, whether or not there is such a voter")
def send_code(election_id: object, json_data: CodeIn) -> tuple[Done, int]:
    """Mail a one-time code to this voter, if there is one."""
    request_code(current_services(), str(election_id), json_data.voter_id)
    return Done(status="accepted"), 202


@blueprint.post("/elections/<uuid:election_id>/login")
@limiter.limit(LOGINS)
@own_pages_only
@blueprint.input(LoginIn)
@blueprint.output(MeOut)
@blueprint.doc(responses={403: "Id and code do not belong together"})
def enter(election_id: object, json_data: LoginIn) -> MeOut:
    """Log in with voter id and one-time code."""
    token = log_in(current_services(), str(election_id), json_data.voter_id, json_data.code)
    return _render(begin(token))


@blueprint.post("/elections/<uuid:election_id>/logout")
@own_pages_only
def leave(election_id: object) -> Response:
    """Log out; the session is revoked."""
    end()
    return make_response(jsonify(Done(status="logged_out").model_dump()), 200)


@blueprint.get("/elections/<uuid:election_id>/me")
@blueprint.output(MeOut)
def me(election_id: object) -> MeOut:
    """Show who is logged in to this election."""
    return _render(require_voter(str(election_id)))


def _render(voter: LoggedIn) -> MeOut:
    with current_services().database.reading() as session:
        previous = latest_tracker(session, voter.election_id, voter.key)
    return MeOut(voter=voter.key, style=voter.style, weight=voter.weight, previous=previous, struck=voter.struck)
