"""Elections for programs: open data."""

from typing import cast

from apiflask import APIBlueprint
from flask import Response, jsonify

from ballots import codec
from evote.api.schemas import ElectionOut, ElectionsOut, State
from evote.current import current_services
from evote.elections.queries import ElectionSummary, get_election, list_elections
from evote.security import open_data

blueprint = APIBlueprint("elections", __name__, tag="Elections")


@blueprint.get("/elections")
@blueprint.output(ElectionsOut)
def index() -> Response:
    """List the elections, the one that closes last first."""
    with current_services().database.reading() as session:
        elections = [_render(election) for election in list_elections(session)]
    return open_data(jsonify(ElectionsOut(elections=elections).model_dump()))


@blueprint.get("/elections/<uuid:election_id>")
@blueprint.output(ElectionOut)
def show(election_id: object) -> Response:
    """Show one election."""
    with current_services().database.reading() as session:
        election = _render(get_election(session, str(election_id)).summary)
    return open_data(jsonify(election.model_dump()))


def record_url(election_id: str) -> str:
    """Return the address of an election's record."""
    return f"{current_services().settings.base_url}/elections/{election_id}/record/"


def _render(election: ElectionSummary) -> ElectionOut:
    return ElectionOut(
        id=election.id,
        state=cast(State, election.state),
        title=election.title,
        manifest=election.manifest_hash,
        election=election.fingerprint,
        opens_at=codec.encode_time(election.opens_at),
        closes_at=codec.encode_time(election.closes_at),
        record=record_url(election.id),
    )
