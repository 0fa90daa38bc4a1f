"""The picture beside a shared link to an election: its title, where it stands, and what came out."""

from datetime import datetime

from flask import Response
from flask_babel import gettext
from sqlalchemy.orm import Session

from ballots.result import eligible_weight
from evote.current import current_services
from evote.elections.queries import ElectionDetail, get_election, get_tally
from evote.languages.catalogue import code_of
from evote.locales import writing
from evote.pages.blueprint import SITE_NAME, pages
from evote.pages.contest_result import view_contest_result
from evote.pages.filters import localized, page_locale, page_zone
from evote.pages.phases import Phase, Standing, phase_of, standing
from participation.sharing.drawing import Card
from participation.sharing.pictures import answer_picture, is_rtl, picture_address


@pages.get("/elections/<uuid:election_id>/card.png")
def picture(election_id: object) -> Response:
    """Draw an election."""
    with current_services().database.reading() as session:
        card = election_card(session, get_election(session, str(election_id)))
    return answer_picture(card)


def election_picture(election_id: str, place: Standing) -> str:
    """Return the address of an election's picture, another one wherever the election stands; empty if there is none."""
    return picture_address("pages.picture", place.phase.value, election_id=election_id)


def election_card(session: Session, detail: ElectionDetail) -> Card:
    """Return what the picture says."""
    services, summary = current_services(), detail.summary
    place = standing(phase_of(summary.state, summary.opens_at, summary.closes_at, services.now()))
    note = ""
    if place.phase in (Phase.FROZEN, Phase.WAITING):
        note = gettext("Opens %(time)s", time=_day(summary.opens_at))
    elif place.phase is Phase.OPEN:
        note = gettext("Closes %(time)s", time=_day(summary.closes_at))
    elif place.phase is Phase.FINISHED and (tally := get_tally(session, summary.id)) is not None:
        election, least = services.elections.get(summary.id), detail.manifest.min_ballots
        outcomes = (
            view_contest_result(contest, counted, least, eligible_weight(election, contest.id)).outcome
            for contest, counted in zip(detail.manifest.contests, tally.contests, strict=True)
        )
        note = " ".join(filter(None, outcomes))
    return Card(
        site=SITE_NAME,
        language=code_of(page_locale()),
        rtl=is_rtl(),
        kind=gettext("Election"),
        title=localized(detail.manifest.title),
        state=place.label,
        tone=place.tone,
        note=note,
    )


def _day(moment: datetime) -> str:
    return writing.write_day(moment.astimezone(page_zone()), page_locale())
