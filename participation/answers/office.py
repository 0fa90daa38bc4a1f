"""Officials' pages: hand over duties, change calendars, keep the list of authorities, enter promises."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from participation.answers.authorities import AuthorityData, add_authority, change_authority
from participation.answers.duties import change_holiday, get_authority, refer
from participation.answers.forms import (
    AuthorityForm,
    HolidayForm,
    PromiseForm,
    ReferForm,
    StatusForm,
    in_language,
    name_of,
)
from participation.answers.kinds import DutyKind, PromiseStatus
from participation.answers.models import Authority
from participation.answers.pages import deadline_text, duty_badge, kind_name, promise_badge
from participation.answers.promises import NewPromise, change_status, enter_promise
from participation.answers.queries import DutyView, get_duty, get_promise, list_authorities, list_changes, list_duties
from participation.errors import ParticipationError
from participation.guards import ANSWER, CONSULT, current_official, needs
from participation.numbers import number_of
from participation.paging import page_number
from participation.ports import current_ports
from participation.text import paragraphs

office = Blueprint("answers_office", __name__, url_prefix="/admin/participation")


@office.get("/answers")
@needs(ANSWER)
def desk() -> str:
    """Show what is owed, the most urgent first."""
    ports = current_ports()
    with ports.database.reading() as session:
        duties, total = list_duties(session, ports.now(), page=page_number())
        authorities = list(list_authorities(session))
        session.expunge_all()
    return render_template(
        "participation/answers/desk.html",
        duties=duties,
        total=total,
        authorities=authorities,
        badge=duty_badge,
        kind_name=kind_name,
        deadline_text=deadline_text,
        name_of=name_of,
        answer_address=_answer_address,
    )


def _answer_address(view: DutyView) -> str:
    """Return where an official gives what is owed; empty where the role of who is signed in does not include it."""
    duty = view.duty
    if duty.kind == DutyKind.CONSULTATION:
        may = current_official().may(CONSULT)
        return url_for("consultations_office.report", consultation_id=duty.subject) if may else ""
    if duty.kind == DutyKind.PROMISE:
        return url_for("answers_office.promise", promise_id=int(duty.subject))
    page = "petition_desk.answer" if duty.kind == DutyKind.RESPONSE else "petition_desk.debate"
    return url_for(page, petition_id=duty.subject)


@office.route("/answers/<int:duty_id>/refer", methods=["GET", "POST"])
@needs(ANSWER)
def refer_duty(duty_id: int) -> ResponseReturnValue:
    """Hand a duty to another authority."""
    ports = current_ports()
    with ports.database.reading() as session:
        view, _ = get_duty(session, duty_id, ports.now())
        others = [one for one in list_authorities(session) if one.id != view.duty.authority_id and not one.retired]
        session.expunge_all()
    form = ReferForm(others, revision=view.duty.revision)
    if form.validate_on_submit():
        try:
            with ports.database.writing() as session:
                refer(
                    session,
                    ports,
                    duty_id,
                    number_of(form.revision.data),
                    form.authority.data,
                    by=current_official().name,
                    reason=paragraphs(form.reason.data),
                )
                ports.record_deed(session, current_official().name, "duty-referred", {"duty": duty_id})
        except ParticipationError as error:
            form.refuse(error)
        else:
            flash(gettext("The answer is owed by the other authority now."))
            return redirect(url_for("answers.duty", duty_id=duty_id), 303)
    page = render_template(
        "participation/answers/refer.html", form=form, view=view, kind=kind_name(view), owner=name_of(view.authority)
    )
    return page, 422 if form.errors else 200


@office.route("/calendars", methods=["GET", "POST"])
@needs(ANSWER)
def holidays() -> ResponseReturnValue:
    """Change a calendar; open deadlines move at once."""
    ports, form = current_ports(), HolidayForm()
    if form.validate_on_submit():
        try:
            with ports.database.writing() as session:
                change = change_holiday(
                    session,
                    ports,
                    form.calendar.data,
                    ports.read_day(form.day.data),
                    holiday=form.holiday.data == "yes",
                    name={ports.language(): form.name.data} if form.name.data else {},
                    by=current_official().name,
                    reason=paragraphs(form.reason.data),
                )
                details = {"calendar": change.calendar, "day": change.day.isoformat()}
                ports.record_deed(session, current_official().name, "calendar-changed", details)
                moved = change.moved
        except ParticipationError as error:
            form.refuse(error)
        else:
            flash(
                ngettext(
                    "The calendar was changed, and %(count)s open deadline moved.",
                    "The calendar was changed, and %(count)s open deadlines moved.",
                    moved,
                    count=ports.write_number(moved),
                )
            )
            return redirect(url_for("answers_office.holidays"), 303)
    with ports.database.reading() as session:
        changes = list(list_changes(session))
        session.expunge_all()
    page = render_template(
        "participation/answers/holidays.html",
        form=form,
        changes=changes,
        names=dict(form.calendar.choices),
        in_language=in_language,
        write_day=ports.write_day,
    )
    return page, 422 if form.errors else 200


@office.route("/authorities/new", methods=["GET", "POST"])
@needs(ANSWER)
def new_authority() -> ResponseReturnValue:
    """Enter an authority."""
    return _write_authority(None)


@office.route("/authorities/<int:authority_id>", methods=["GET", "POST"])
@needs(ANSWER)
def authority(authority_id: int) -> ResponseReturnValue:
    """Change an authority."""
    with current_ports().database.reading() as session:
        found = get_authority(session, authority_id)
        session.expunge_all()
    return _write_authority(found)


def _write_authority(found: Authority | None) -> ResponseReturnValue:
    ports = current_ports()
    form = AuthorityForm(**_fields(found))
    if form.validate_on_submit():
        data = AuthorityData(
            name={"en": form.name_en.data or "", "fa": form.name_fa.data or ""},
            mail=form.mail.data or "",
            superior_mail=form.superior_mail.data or "",
            calendar=form.calendar.data,
            language=form.language.data,
            retired=form.retired.data,
        )
        try:
            with ports.database.writing() as session:
                if found is None:
                    written = add_authority(session, ports, data)
                else:
                    written = change_authority(session, ports, found.id, data)
                what = "authority-entered" if found is None else "authority-changed"
                ports.record_deed(session, current_official().name, what, {"name": name_of(written)})
        except ParticipationError as error:
            form.refuse(error)
        else:
            flash(gettext("The authority was saved."))
            return redirect(url_for("answers_office.desk"), 303)
    page = render_template("participation/answers/authority.html", form=form, found=found)
    return page, 422 if form.errors else 200


@office.route("/promises/new", methods=["GET", "POST"])
@needs(ANSWER)
def new_promise() -> ResponseReturnValue:
    """Enter a promise."""
    ports = current_ports()
    with ports.database.reading() as session:
        authorities = list(list_authorities(session))
        session.expunge_all()
    form = PromiseForm(authorities)
    if form.validate_on_submit():
        try:
            new = NewPromise(
                title=form.title.data or "",
                text=form.text.data or "",
                authority_id=form.authority.data,
                promised_on=ports.read_day(form.promised_on.data or ""),
                source=form.source.data or "",
                due_on=ports.read_day(form.due_on.data) if (form.due_on.data or "").strip() else None,
            )
            with ports.database.writing() as session:
                made = enter_promise(session, ports, new, by=current_official().name)
                number = made.id
                ports.record_deed(session, current_official().name, "promise-entered", {"promise": number})
        except ParticipationError as error:
            form.refuse(error)
        else:
            flash(gettext("The promise is public now."))
            return redirect(url_for("promises.promise", promise_id=number), 303)
    page = render_template("participation/answers/new_promise.html", form=form, authorities=authorities)
    return page, 422 if form.errors else 200


@office.route("/promises/<int:promise_id>", methods=["GET", "POST"])
@needs(ANSWER)
def promise(promise_id: int) -> ResponseReturnValue:
    """Say how a promise stands."""
    ports = current_ports()
    with ports.database.reading() as session:
        view, _, _ = get_promise(session, promise_id)
        session.expunge_all()
    form = StatusForm(revision=view.promise.revision, status=view.promise.status)
    if form.validate_on_submit():
        try:
            with ports.database.writing() as session:
                status = PromiseStatus(form.status.data)
                change_status(
                    session,
                    ports,
                    promise_id,
                    number_of(form.revision.data),
                    status,
                    note=form.note.data or "",
                    evidence=(form.evidence.data or "").splitlines(),
                    by=current_official().name,
                )
                details = {"promise": promise_id, "status": status.value}
                ports.record_deed(session, current_official().name, "promise-status", details)
        except ParticipationError as error:
            form.refuse(error)
        else:
            flash(gettext("The promise's page shows how it stands now."))
            return redirect(url_for("promises.promise", promise_id=promise_id), 303)
    page = render_template(
        "participation/answers/promise_status.html",
        form=form,
        promise=view.promise,
        badge=promise_badge(view.promise.status),
        owner=name_of(view.authority),
    )
    return page, 422 if form.errors else 200


def _fields(found: Authority | None) -> dict[str, object]:
    if found is None:
        return {} if request.method == "POST" else {"language": current_ports().language()}
    return {
        "name_en": found.name.get("en", ""),
        "name_fa": found.name.get("fa", ""),
        "mail": found.mail,
        "superior_mail": found.superior_mail,
        "calendar": found.calendar,
        "language": found.language,
        "retired": found.retired,
    }
