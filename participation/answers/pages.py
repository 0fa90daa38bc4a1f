"""Public pages: who owes an answer and gave it, and what was promised."""

from datetime import datetime, timedelta
from typing import TypeVar

from flask import Blueprint, render_template, request
from flask_babel import gettext, ngettext

from participation.answers.calendars_in_force import CALENDARS
from participation.answers.forms import in_language, name_of
from participation.answers.kinds import (
    DUTY_KINDS,
    DUTY_STATES,
    DUTY_TONES,
    PROMISE_STATUSES,
    PROMISE_TONES,
    DutyEventKind,
    DutyKind,
    DutyState,
    PromiseStatus,
)
from participation.answers.models import DutyEvent
from participation.answers.queries import (
    PAGE,
    DutyView,
    count_promises,
    get_duty,
    get_promise,
    list_authorities,
    list_changes,
    list_duties,
    list_promises,
    scoreboard,
)
from participation.numbers import asked_number
from participation.paging import Pages, page_number
from participation.parts import Badge, Step
from participation.ports import current_ports
from participation.sharing.cards import promise_card
from participation.sharing.pictures import picture_address, version_of

_Word = TypeVar("_Word", DutyState, PromiseStatus)

answers = Blueprint("answers", __name__, url_prefix="/answers")
promises = Blueprint("promises", __name__, url_prefix="/promises")


@answers.get("/")
def index() -> str:
    """Show who answers in time, and every answer that is owed."""
    ports, state = current_ports(), _chosen(DutyState)
    authority_id = asked_number("authority")
    number = page_number()
    with ports.database.reading() as session:
        scores = scoreboard(session, ports.now())
        duties, total = list_duties(session, ports.now(), state=state, authority_id=authority_id, page=number)
        session.expunge_all()
    return render_template(
        "participation/answers/index.html",
        scores=[(score, name_of(score.authority)) for score in scores if not score.authority.retired or score.ended],
        duties=duties,
        state=state,
        states=DUTY_STATES,
        authority_id=authority_id,
        pages=Pages(number, total, PAGE),
        badge=duty_badge,
        kind_name=kind_name,
        deadline_text=deadline_text,
        name_of=name_of,
        words=DutyState,
    )


@answers.get("/<int:duty_id>")
def duty(duty_id: int) -> str:
    """Show one duty and all that happened to it."""
    ports = current_ports()
    with ports.database.reading() as session:
        view, events = get_duty(session, duty_id, ports.now())
        names = {one.id: name_of(one) for one in list_authorities(session)}
        session.expunge_all()
    return render_template(
        "participation/answers/duty.html",
        view=view,
        badge=duty_badge(view),
        kind=kind_name(view),
        deadline=deadline_text(view),
        owner=name_of(view.authority),
        steps=[Step(one.at, one.by, event_text(one, names), one.note) for one in events],
        remaining=None if view.duty.due_at is None else view.duty.due_at - ports.now(),
        address=f"{request.script_root}{view.duty.path}",
    )


@answers.get("/calendars")
def calendars() -> str:
    """Show what officials changed in the working-day calendars."""
    ports = current_ports()
    with ports.database.reading() as session:
        changes = list(list_changes(session))
        session.expunge_all()
    names = {name: in_language(one.name) for name, one in CALENDARS.items()}
    return render_template(
        "participation/answers/calendars.html",
        changes=changes,
        calendars=[(one, names[name]) for name, one in sorted(CALENDARS.items())],
        names=names,
        in_language=in_language,
        write_day=ports.write_day,
    )


@promises.get("/")
def list_of_promises() -> str:
    """Show promises by how they stand."""
    ports, status, number = current_ports(), _chosen(PromiseStatus), page_number()
    with ports.database.reading() as session:
        found, total = list_promises(session, status=status, page=number)
        counts = count_promises(session)
        session.expunge_all()
    return render_template(
        "participation/answers/promises.html",
        promises=found,
        counts=counts,
        status=status,
        statuses=PROMISE_STATUSES,
        pages=Pages(number, total, PAGE),
        badge=promise_badge,
        name_of=name_of,
        write_day=ports.write_day,
    )


@promises.get("/<int:promise_id>")
def promise(promise_id: int) -> str:
    """Show a promise, its steps and their evidence."""
    ports = current_ports()
    with ports.database.reading() as session:
        view, events, duty_id = get_promise(session, promise_id)
        session.expunge_all()
    steps = [
        Step(one.at, one.by, str(PROMISE_STATUSES[PromiseStatus(one.status)]), one.note, one.evidence) for one in events
    ]
    return render_template(
        "participation/answers/promise.html",
        promise=view.promise,
        badge=promise_badge(view.promise.status),
        owner=name_of(view.authority),
        picture=picture_address(
            "sharing.promise_picture",
            version_of(promise_card(ports, view.promise, name_of(view.authority))),
            promise_id=view.promise.id,
        ),
        steps=steps,
        duty_id=duty_id,
        write_day=ports.write_day,
        may_answer=(official := ports.official()) is not None and official.may("answer"),
    )


def duty_badge(view: DutyView) -> Badge:
    """Return how a duty stands, for people."""
    return Badge(str(DUTY_STATES[view.state]), DUTY_TONES[view.state])


def promise_badge(status: str) -> Badge:
    """Return how a promise stands, for people."""
    found = PromiseStatus(status)
    return Badge(str(PROMISE_STATUSES[found]), PROMISE_TONES[found])


def deadline_text(view: DutyView) -> str:
    """Name a deadline by its last day; a day ends where the site is."""
    ports, due_at = current_ports(), view.duty.due_at
    if due_at is None:
        return gettext("The calendar does not reach the deadline yet.")
    last = (due_at - timedelta(seconds=1)).astimezone(ports.time_zone).date()
    return gettext("By the end of %(day)s", day=ports.write_day(last))


def kind_name(view: DutyView) -> str:
    """Return what is owed, for people."""
    return str(DUTY_KINDS[DutyKind(view.duty.kind)])


def event_text(event: DutyEvent, names: dict[int, str]) -> str:
    """Say what happened to a duty in a sentence."""
    ports, details = current_ports(), event.details

    def owner(word: str) -> str:
        return names.get(int(details.get(word, 0)), "")

    def moment(word: str) -> str:
        text = str(details.get(word, ""))
        return ports.write_time(datetime.fromisoformat(text)) if text else gettext("no day yet")

    left, late = (int(details.get(word, 0)) for word in ("left", "late"))
    sentences = {
        DutyEventKind.OWED: lambda: gettext("The answer became owed by %(owner)s.", owner=owner("authority")),
        DutyEventKind.REOPENED: lambda: gettext("The answer is owed again, by %(owner)s.", owner=owner("authority")),
        DutyEventKind.REFERRED: lambda: gettext(
            "Handed over from %(before)s to %(after)s; the deadline counts on.", before=owner("from"), after=owner("to")
        ),
        DutyEventKind.MOVED: lambda: gettext(
            "The calendar changed: the deadline moved from %(before)s to %(after)s.",
            before=moment("from"),
            after=moment("to"),
        ),
        DutyEventKind.REMINDED: lambda: ngettext(
            "Reminded: %(days)s working day left.",
            "Reminded: %(days)s working days left.",
            left,
            days=ports.write_number(left),
        ),
        DutyEventKind.ESCALATED: lambda: ngettext(
            "Overdue for %(days)s working day: the superior was told.",
            "Overdue for %(days)s working days: the superior was told.",
            late,
            days=ports.write_number(late),
        ),
        DutyEventKind.ANSWERED: lambda: gettext("The answer was published."),
        DutyEventKind.LAPSED: lambda: gettext("No answer is owed any more."),
    }
    return sentences[DutyEventKind(event.what)]()


def _chosen(kind: type[_Word]) -> _Word | None:
    try:
        return kind(request.args.get("state", ""))
    except ValueError:
        return None
