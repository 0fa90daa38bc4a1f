"""What the pictures of petitions, consultations and promises say, in the present language."""

from datetime import datetime

from flask_babel import gettext, ngettext

from participation.answers.kinds import PROMISE_STATUSES, PROMISE_TONES, PromiseStatus
from participation.answers.models import Promise
from participation.consultations.kinds import ConsultationState
from participation.consultations.kinds import Moment as Standing
from participation.consultations.queries import ConsultationView
from participation.parts import Badge
from participation.petitions.blueprint import Goal
from participation.petitions.counts import Count
from participation.petitions.life import Response, State
from participation.petitions.queries import PetitionView
from participation.petitions.wording import response_name, state_name, state_tone
from participation.ports import Ports
from participation.sharing.drawing import Card
from participation.sharing.pictures import EXACT, bracket, is_rtl


def petition_card(ports: Ports, view: PetitionView, count: Count, goal: Goal) -> Card:
    """Return a petition's: its answer where one is owed or given, else its state; the count, rounded down."""
    answered, signable = view.life.response is Response.RESPONDED, view.state is State.OPEN
    state, tone = response_name(view.life), "good" if answered else "wait"
    if not state or view.state not in (State.OPEN, State.CLOSED):
        state, tone = state_name(view.state), state_tone(view.state)
    shown = bracket(count.confirmed)
    number = ports.write_number(shown)
    if shown < EXACT:
        figure = ngettext("%(number)s signature", "%(number)s signatures", shown, number=number)
    else:
        figure = gettext("At least %(number)s signatures", number=number)
    needed = ports.write_number(goal.at)
    if goal.reached:
        note = gettext("Enough for a debate: %(number)s were needed.", number=needed)
    elif goal.response:
        note = gettext("At %(number)s, officials must answer.", number=needed)
    else:
        note = gettext("At %(number)s, it must be considered for a debate.", number=needed)
    rejected = view.state is State.REJECTED
    return Card(
        site=ports.site_name,
        language=ports.language(),
        rtl=is_rtl(),
        kind=gettext("Petition"),
        title=view.title,
        state=state,
        tone=tone,
        figure="" if rejected else figure,
        note=note if signable or goal.reached else "",
        percent=None if rejected else min(100, 100 * shown // goal.at),
    )


def consultation_card(ports: Ports, view: ConsultationView, badge: Badge, owner: str, participants: int) -> Card:
    """Return a consultation's: its state, how many took part in its statements, who asks and until when."""
    shown = bracket(participants)
    number = ports.write_number(shown)
    if shown < EXACT:
        figure = ngettext(
            "%(number)s person has answered statements", "%(number)s people have answered statements", shown,
            number=number,
        )  # fmt: skip
    else:
        figure = gettext("At least %(number)s people have answered statements", number=number)
    note = owner
    open_until = [one.phase.closes_at for one in view.phases if one.standing is Standing.OPEN]
    if open_until and view.consultation.state == ConsultationState.PUBLISHED:
        note = f"{owner} · {gettext('Closes %(time)s', time=_day(ports, max(open_until)))}"
    return Card(
        site=ports.site_name,
        language=ports.language(),
        rtl=is_rtl(),
        kind=gettext("Consultation"),
        title=view.consultation.title,
        state=badge.label,
        tone=badge.tone,
        figure=figure if participants else "",
        note=note,
    )


def promise_card(ports: Ports, promise: Promise, owner: str) -> Card:
    """Return a promise's: how it stands, who made it and for when."""
    status = PromiseStatus(promise.status)
    due = "" if promise.due_on is None else f" · {gettext('Promised for')} {ports.write_day(promise.due_on)}"
    return Card(
        site=ports.site_name,
        language=ports.language(),
        rtl=is_rtl(),
        kind=gettext("Promise"),
        title=promise.title,
        state=str(PROMISE_STATUSES[status]),
        tone=PROMISE_TONES[status],
        note=f"{owner}{due}",
    )


def _day(ports: Ports, moment: datetime) -> str:
    return ports.write_day(moment.astimezone(ports.time_zone).date())
