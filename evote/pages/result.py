"""The result: totals, outcome and the certificates that prove them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from flask_babel import gettext
from sqlalchemy.orm import Session

from ballots.result import Tally, eligible_weight
from evote.current import current_services
from evote.elections.queries import ElectionDetail, get_election, get_tally
from evote.pages.blueprint import pages
from evote.pages.contest_result import ContestResult, view_contest_result
from evote.pages.filters import localized
from evote.pages.phases import Phase, phase_of, standing
from evote.pages.queries import count_standing_voters, notices, withdrawn_keys
from evote.pages.social import election_picture


@dataclass(frozen=True)
class ResultView:
    """The page of a result.

    Attributes:
        voted: Ballots that count.
        ballots: Ballots on the board, replaced ones too.
        partials: Names of the trustees whose parts opened the sums.
        size, root: The log they agreed on.
    """

    voted: int
    ballots: int
    eligible: int
    closed_at: datetime
    contests: Sequence[ContestResult]
    partials: Sequence[str]
    size: int
    root: str


@pages.get("/elections/<uuid:election_id>/result")
def result(election_id: object) -> str:
    """Show the result, or what it still waits for."""
    services, key = current_services(), str(election_id)
    with services.database.reading() as session:
        detail = get_election(session, key)
        tally = get_tally(session, key) if detail.summary.state == "tallied" else None
        view = view_result(session, detail, tally) if tally else None
    summary = detail.summary
    phase = phase_of(summary.state, summary.opens_at, summary.closes_at, services.now())
    return render_template(
        "pages/result.html",
        title=localized(detail.manifest.title),
        view=view,
        waiting=_what_it_waits_for(phase),
        picture=election_picture(key, standing(phase)),
        fingerprint=summary.fingerprint,
        record_address=record_address(key),
        address=f"{services.settings.base_url}/elections/{key}",
    )


def record_address(election_id: str) -> str:
    """Return the lasting address of an election's record."""
    return f"{current_services().settings.base_url}/elections/{election_id}/record/"


def view_result(session: Session, detail: ElectionDetail, tally: Tally) -> ResultView:
    """Gather what the page says."""
    key, manifest = detail.summary.id, detail.manifest
    election = current_services().elections.get(key)
    closes = notices(session, key, "close")
    return ResultView(
        voted=count_standing_voters(session, key, withdrawn_keys(session, key)),
        ballots=detail.summary.ballots,
        eligible=detail.summary.voters,
        closed_at=closes[0].time if closes else detail.summary.closes_at,
        contests=[
            view_contest_result(contest, counted, manifest.min_ballots, eligible_weight(election, contest.id))
            for contest, counted in zip(manifest.contests, tally.contests, strict=True)
        ],
        partials=[manifest.trustees.names[partial["trustee"] - 1] for partial in tally.partials],
        size=tally.size,
        root=tally.root,
    )


def _what_it_waits_for(phase: Phase) -> str:
    if phase is Phase.ANNULLED:
        return gettext("The election was annulled: there is no count.")
    if phase in (Phase.CLOSING, Phase.COUNTING):
        return gettext("The trustees are at work. Each checks the whole record before giving a part of the key.")
    return gettext("It is made after voting has closed.")
