"""A small page for other sites to embed: where an election stands, turnout and outcome, and the way here."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, make_response, render_template
from sqlalchemy.orm import Session

from ballots.result import eligible_weight
from evote.current import current_services
from evote.elections.queries import ElectionDetail, get_election, get_tally
from evote.pages.blueprint import pages
from evote.pages.contest_result import ContestResult, view_contest_result
from evote.pages.filters import localized
from evote.pages.phases import Phase, Standing, phase_of, standing
from evote.pages.queries import count_standing_voters, withdrawn_keys
from evote.security import embeddable


@dataclass(frozen=True)
class WidgetView:
    """What the widget says; `voted` is missing before voting begins, `contests` are empty before the result."""

    title: str
    standing: Standing
    eligible: int
    voted: int | None
    contests: Sequence[ContestResult]
    address: str


@pages.get("/elections/<uuid:election_id>/widget")
def widget(election_id: object) -> Response:
    """Show the election on other people's pages."""
    with current_services().database.reading() as session:
        view = view_widget(session, get_election(session, str(election_id)))
    response = make_response(render_template("results/widget.html", view=view))
    response.headers["Cache-Control"] = "public, max-age=60"
    return embeddable(response)


def view_widget(session: Session, detail: ElectionDetail) -> WidgetView:
    """Gather what the widget says."""
    services, summary = current_services(), detail.summary
    phase = phase_of(summary.state, summary.opens_at, summary.closes_at, services.now())
    begun = phase not in (Phase.DRAFT, Phase.FROZEN, Phase.WAITING)
    tally = get_tally(session, summary.id) if phase is Phase.FINISHED else None
    contests: list[ContestResult] = []
    if tally is not None:
        election, least = services.elections.get(summary.id), detail.manifest.min_ballots
        contests = [
            view_contest_result(contest, counted, least, eligible_weight(election, contest.id))
            for contest, counted in zip(detail.manifest.contests, tally.contests, strict=True)
        ]
    voted = count_standing_voters(session, summary.id, withdrawn_keys(session, summary.id)) if begun else None
    return WidgetView(
        title=localized(detail.manifest.title),
        standing=standing(phase),
        eligible=summary.voters,
        voted=voted,
        contests=contests,
        address=f"{services.settings.base_url}/elections/{summary.id}",
    )
