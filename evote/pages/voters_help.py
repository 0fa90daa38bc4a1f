"""Help for voters of one election: a lost code, no mail, voting on paper, being watched, a shared device."""

from flask import render_template

from evote.current import current_services
from evote.elections.queries import get_election
from evote.pages.blueprint import pages
from evote.pages.filters import localized
from evote.pages.phases import Phase, phase_of


@pages.get("/elections/<uuid:election_id>/help")
def voters_help(election_id: object) -> str:
    """Say what a voter can do, as things stand."""
    services = current_services()
    with services.database.reading() as session:
        detail = get_election(session, str(election_id))
    summary = detail.summary
    phase = phase_of(summary.state, summary.opens_at, summary.closes_at, services.now())
    return render_template(
        "pages/help.html",
        title=localized(detail.manifest.title),
        description=localized(detail.manifest.description),
        contact=services.settings.contact,
        closes_at=summary.closes_at,
        still_open=phase is Phase.OPEN,
        before=phase in (Phase.DRAFT, Phase.FROZEN, Phase.WAITING),
    )
