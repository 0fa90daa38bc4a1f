"""Whether an election takes ballots now, asked before anybody logs in to it."""

from flask_babel import gettext

from evote.current import current_services
from evote.elections.queries import get_election
from evote.errors import NotOpen
from evote.pages.filters import localized
from evote.pages.phases import Phase, phase_of


def title_while_open(election_id: str) -> str:
    """Return the election's title.

    Raises:
        NotOpen: It takes no ballots now; the sentence says what comes next.
    """
    services = current_services()
    with services.database.reading() as reading:
        detail = get_election(reading, election_id)
    summary = detail.summary
    phase = phase_of(summary.state, summary.opens_at, summary.closes_at, services.now())
    if phase in (Phase.DRAFT, Phase.FROZEN, Phase.WAITING):
        raise NotOpen(gettext("Voting has not opened yet. The page of the election says when it does."))
    if phase is not Phase.OPEN:
        raise NotOpen(
            gettext("Voting is over: no ballot is taken any more. The page of the election says what comes next.")
        )
    return localized(detail.manifest.title)
