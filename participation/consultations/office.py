"""Officials' pages: write a consultation and its parts, publish it, stop it, report on it."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.answers.duties import check_reason
from participation.answers.models import Authority
from participation.answers.queries import list_authorities
from participation.budgets.choosing import MOST_AMOUNT, MOST_PROJECTS, list_projects, set_projects
from participation.consultations import acts
from participation.consultations.acts import ConsultationData, PhaseData, ReportData
from participation.consultations.forms import PhaseForm, ReasonForm, ReportForm, TextsForm, VersionForm
from participation.consultations.kinds import (
    OUTCOMES,
    PHASE_HINTS,
    PHASE_KINDS,
    ConsultationState,
    PhaseKind,
    ReportOutcome,
)
from participation.consultations.models import Consultation, Phase, ReportLine
from participation.consultations.pages import PHASE_PAGES, badge_of, phase_badge
from participation.consultations.queries import ConsultationView, get_consultation, get_phase, list_report
from participation.contributions.kinds import ContributionKind
from participation.contributions.writing import NewContribution, contribute
from participation.documents.versions import list_versions, write_version
from participation.errors import ParticipationError, Unacceptable
from participation.forms import EmptyForm
from participation.guards import CONSULT, current_official, needs
from participation.numbers import number_of, read_whole
from participation.ports import current_ports
from participation.surveys.questions import list_questions, set_questions, write_questions

office = Blueprint("consultations_office", __name__, url_prefix="/admin/participation/consultations")

_SEEDS = {PhaseKind.STATEMENTS: ContributionKind.STATEMENT, PhaseKind.DISCUSSION: ContributionKind.COMMENT}
"""What the first contributions of a part are, where organisers can put some in."""


@office.get("/")
@needs(CONSULT)
def desk() -> str:
    """Show all consultations, drafts first."""
    ports = current_ports()
    with ports.database.reading() as session:
        found = session.scalars(select(Consultation).order_by(Consultation.created_at.desc())).all()
        views = [get_consultation(session, one.id, ports.now(), drafts=True) for one in found]
        session.expunge_all()
    views.sort(key=lambda view: view.consultation.state != ConsultationState.DRAFT)
    return render_template("participation/consultations/desk.html", found=[(view, badge_of(view)) for view in views])


@office.route("/new", methods=["GET", "POST"])
@needs(CONSULT)
def begin() -> ResponseReturnValue:
    """Begin a draft."""
    ports, authorities = current_ports(), _authorities()
    form = TextsForm(authorities, language=ports.language())
    if form.validate_on_submit():
        try:
            with ports.database.writing() as session:
                made = acts.begin_consultation(session, ports, _texts(form), by=current_official().name).id
                ports.record_deed(session, current_official().name, "consultation-begun", {"consultation": made})
        except ParticipationError as error:
            form.refuse(error)
        else:
            return redirect(url_for("consultations_office.edit", consultation_id=made), 303)
    page = render_template("participation/consultations/texts.html", form=form, authorities=authorities, view=None)
    return page, 422 if form.errors else 200


@office.get("/<uuid:consultation_id>")
@needs(CONSULT)
def edit(consultation_id: object) -> str:
    """Show a consultation with everything that can be done about it."""
    view = _view(consultation_id)
    return render_template(
        "participation/consultations/edit.html",
        view=view,
        badge=badge_of(view),
        phases=[(one, phase_badge(one), str(PHASE_KINDS[one.kind])) for one in view.phases],
        empty=EmptyForm(),
    )


@office.route("/<uuid:consultation_id>/texts", methods=["GET", "POST"])
@needs(CONSULT)
def texts(consultation_id: object) -> ResponseReturnValue:
    """Change the texts."""
    ports, view, authorities = current_ports(), _view(consultation_id), _authorities()
    row = view.consultation
    fields = {"title": row.title, "summary": row.summary, "text": row.text, "language": row.language}
    form = TextsForm(authorities, revision=row.revision, authority=row.authority_id, **fields)
    if form.validate_on_submit():
        try:
            with ports.database.writing() as session:
                official = current_official().name
                acts.save_consultation(session, ports, row.id, number_of(form.revision.data), _texts(form), by=official)
        except ParticipationError as error:
            form.refuse(error)
        else:
            flash(gettext("Saved."))
            return redirect(url_for("consultations_office.edit", consultation_id=row.id), 303)
    page = render_template("participation/consultations/texts.html", form=form, authorities=authorities, view=view)
    return page, 422 if form.errors else 200


@office.route("/<uuid:consultation_id>/parts/new", methods=["GET", "POST"])
@needs(CONSULT)
def new_phase(consultation_id: object) -> ResponseReturnValue:
    """Add a part: first of which kind, then what such a part needs."""
    view, asked = _view(consultation_id), request.values.get("kind")
    kind = next((one for one in PHASE_PAGES if one == asked), None)
    if kind is None:
        kinds = [(one.value, str(PHASE_KINDS[one]), str(PHASE_HINTS[one])) for one in PhaseKind if one in PHASE_PAGES]
        page = render_template("participation/consultations/kinds.html", view=view, kinds=kinds)
        return page, 422 if request.method == "POST" else 200
    return _write_phase(view, kind, None)


@office.route("/<uuid:consultation_id>/parts/<int:phase_id>", methods=["GET", "POST"])
@needs(CONSULT)
def phase(consultation_id: object, phase_id: int) -> ResponseReturnValue:
    """Change a part."""
    view = _view(consultation_id)
    found = next((one.phase for one in view.phases if one.phase.id == phase_id), None)
    if found is None:
        return redirect(url_for("consultations_office.edit", consultation_id=consultation_id), 303)
    return _write_phase(view, PhaseKind(found.kind), found)


def _write_phase(view: ConsultationView, kind: PhaseKind, found: Phase | None) -> ResponseReturnValue:
    ports, row = current_ports(), view.consultation
    form = PhaseForm(revision=row.revision, **_fields(found))
    if form.validate_on_submit():
        try:
            data = PhaseData(
                id=None if found is None else found.id,
                kind=kind,
                title=form.title.data or "",
                text=form.text.data or "",
                opens_at=ports.read_time(form.opens_at.data or ""),
                closes_at=ports.read_time(form.closes_at.data or ""),
                sealed=form.sealed.data,
                premoderated=form.premoderated.data,
                settings=_settings(kind, form)
                if row.state == ConsultationState.DRAFT
                else (found.settings if found else {}),
            )
            with ports.database.writing() as session:
                revision, official = number_of(form.revision.data), current_official().name
                made = acts.save_phase(
                    session, ports, row.id, revision, data, by=official, reason=form.reason.data or ""
                )
                if row.state == ConsultationState.DRAFT:
                    _put_in(session, made, form.seeds.data or "")
        except ParticipationError as error:
            form.refuse(error)
        else:
            flash(gettext("Saved."))
            return redirect(url_for("consultations_office.edit", consultation_id=row.id), 303)
    page = render_template(
        "participation/consultations/phase.html",
        form=form,
        view=view,
        found=found,
        kind=kind.value,
        kind_name=str(PHASE_KINDS[kind]),
    )
    return page, 422 if form.errors else 200


@office.route("/<uuid:consultation_id>/parts/<int:phase_id>/version", methods=["GET", "POST"])
@needs(CONSULT)
def new_version(consultation_id: object, phase_id: int) -> ResponseReturnValue:
    """Publish a new version of a document; comments follow their words into it."""
    ports = current_ports()
    with ports.database.reading() as session:
        view, part = get_phase(session, str(consultation_id), phase_id, PhaseKind.DOCUMENT, ports.now())
        text = _written(session, part.phase)
        session.expunge_all()
    form = VersionForm(text=text)
    if form.validate_on_submit():
        try:
            with ports.database.writing() as session:
                official, note = current_official().name, check_reason(form.note.data or "")
                made = write_version(session, ports, part.phase, form.text.data or "", note, replace=False)
                details = {"consultation": str(consultation_id), "version": made.number}
                ports.record_deed(session, official, "document-version", details)
        except ParticipationError as error:
            form.refuse(error)
        else:
            flash(gettext("The new version is public."))
            return redirect(url_for("documents.phase", consultation_id=consultation_id, phase_id=phase_id), 303)
    page = render_template("participation/consultations/version.html", form=form, view=view, part=part)
    return page, 422 if form.errors else 200


@office.post("/<uuid:consultation_id>/parts/<int:phase_id>/remove")
@needs(CONSULT)
def remove_phase(consultation_id: object, phase_id: int) -> ResponseReturnValue:
    """Take a part out of a draft."""
    ports = current_ports()
    if EmptyForm().validate_on_submit():
        with ports.database.writing() as session:
            acts.remove_phase(session, str(consultation_id), number_of(request.form.get("revision")), phase_id)
        flash(gettext("The part was taken out."))
    return redirect(url_for("consultations_office.edit", consultation_id=consultation_id), 303)


@office.route("/<uuid:consultation_id>/publish", methods=["GET", "POST"])
@needs(CONSULT)
def publish(consultation_id: object) -> ResponseReturnValue:
    """Publish a draft."""
    ports, view = current_ports(), _view(consultation_id)
    form = ReasonForm(revision=view.consultation.revision)
    if form.validate_on_submit():
        try:
            with ports.database.writing() as session:
                official = current_official().name
                acts.publish(session, ports, str(consultation_id), number_of(form.revision.data), by=official)
                ports.record_deed(session, official, "consultation-published", {"consultation": str(consultation_id)})
        except ParticipationError as error:
            form.refuse(error)
        else:
            flash(gettext("The consultation is public now."))
            return redirect(url_for("consultations.consultation", consultation_id=consultation_id), 303)
    phases = [(one, phase_badge(one), str(PHASE_KINDS[one.kind])) for one in view.phases]
    page = render_template("participation/consultations/publish.html", form=form, view=view, phases=phases)
    return page, 422 if form.errors else 200


@office.route("/<uuid:consultation_id>/stop", methods=["GET", "POST"])
@needs(CONSULT)
def stop(consultation_id: object) -> ResponseReturnValue:
    """End a consultation early."""
    ports, view = current_ports(), _view(consultation_id)
    form = ReasonForm(revision=view.consultation.revision)
    if form.validate_on_submit():
        try:
            with ports.database.writing() as session:
                official, revision = current_official().name, number_of(form.revision.data)
                acts.stop(session, ports, str(consultation_id), revision, by=official, reason=form.reason.data or "")
                ports.record_deed(session, official, "consultation-stopped", {"consultation": str(consultation_id)})
        except ParticipationError as error:
            form.refuse(error)
        else:
            return redirect(url_for("consultations.consultation", consultation_id=consultation_id), 303)
    page = render_template("participation/consultations/stop.html", form=form, view=view)
    return page, 422 if form.errors else 200


@office.route("/<uuid:consultation_id>/report", methods=["GET", "POST"])
@needs(CONSULT)
def report(consultation_id: object) -> ResponseReturnValue:
    """Publish the report, or add a line to it."""
    ports, view = current_ports(), _view(consultation_id)
    with ports.database.reading() as session:
        lines = list_report(session, str(consultation_id))
        session.expunge_all()
    form = ReportForm(revision=view.consultation.revision, text=view.consultation.report)
    if form.validate_on_submit():
        try:
            written = [*_kept(lines), *_new_line(form)]
            with ports.database.writing() as session:
                official, revision = current_official().name, number_of(form.revision.data)
                acts.report(session, ports, str(consultation_id), revision, form.text.data or "", written, by=official)
                ports.record_deed(session, official, "consultation-reported", {"consultation": str(consultation_id)})
        except ParticipationError as error:
            form.refuse(error)
        else:
            flash(gettext("The report is public. You can add more lines."))
            return redirect(url_for("consultations_office.report", consultation_id=consultation_id), 303)
    names = {word.value: str(name) for word, name in OUTCOMES.items()}
    page = render_template("participation/consultations/report.html", form=form, view=view, lines=lines, names=names)
    return page, 422 if form.errors else 200


def _kept(lines: Sequence[ReportLine]) -> list[ReportData]:
    """Return the lines of before, but for those that shall go."""
    gone = set(request.form.getlist("remove"))
    return [
        ReportData(one.said, ReportOutcome(one.outcome), one.did, one.contributions)
        for one in lines
        if str(one.position) not in gone
    ]


def _new_line(form: ReportForm) -> list[ReportData]:
    if not (form.said.data or form.did.data):
        return []
    typed = [one for one in (form.contributions.data or "").replace("،", ",").split(",") if one.strip()]
    numbers = [number for number in map(read_whole, typed) if number is not None]
    if len(numbers) != len(typed):
        raise Unacceptable("Write the numbers of contributions with commas between them, like 12, 40.")
    outcome = ReportOutcome(form.outcome.data)
    return [ReportData(form.said.data or "", outcome, form.did.data or "", numbers)]


def _texts(form: TextsForm) -> ConsultationData:
    fields = {name: form[name].data or "" for name in ("language", "title", "summary", "text")}
    return ConsultationData(authority_id=form.authority.data, **fields)


def _fields(found: Phase | None) -> dict[str, object]:
    if found is None:
        return {}
    with current_ports().database.reading() as session:
        written = _written(session, found)
    times = {name: current_ports().type_time(getattr(found, name)) for name in ("opens_at", "closes_at")}
    names = ("title", "text", "sealed", "premoderated")
    more = {name: str(found.settings.get(name) or "") for name in ("budget", "currency", "most", "election")}
    return {**times, **more, "seeds": written, **{name: getattr(found, name) for name in names}}


def _settings(kind: PhaseKind, form: PhaseForm) -> dict[str, object]:
    """Return what a part of this kind needs beside its texts and times."""
    ports = current_ports()
    if kind is PhaseKind.POLL:
        election = form.election.data or ""
        if election and ports.find_election(election) is None:
            raise Unacceptable("There is no such election on this site. Copy its id from its address.")
        return {"election": election}
    if kind is not PhaseKind.BUDGET:
        return {}
    most = ports.read_number(form.most.data) if form.most.data else 0
    if most > MOST_PROJECTS:
        raise Unacceptable("A budget has at most %(most)s projects.", most=MOST_PROJECTS)
    budget = ports.read_number(form.budget.data or "")
    if not 1 <= budget <= MOST_AMOUNT:
        raise Unacceptable("The budget is at least 1, in whole units.")
    return {"budget": budget, "currency": form.currency.data or "", "most": most}


def _put_in(session: Session, made: Phase, text: str) -> None:
    """Put what the official wrote into a part: its document, questions, projects, or first contributions."""
    ports, lines = current_ports(), text.splitlines()
    if made.kind == PhaseKind.BUDGET:
        set_projects(session, made, lines)
    elif made.kind == PhaseKind.SURVEY:
        set_questions(session, made, lines)
    elif made.kind == PhaseKind.DOCUMENT and text.strip():
        write_version(session, ports, made, text, "", replace=True)
    elif (kind := _SEEDS.get(PhaseKind(made.kind))) is not None:
        for line in lines:
            if line.strip():
                contribute(session, ports, made, None, NewContribution(kind, line))


def _written(session: Session, found: Phase) -> str:
    """Return what an official wrote into a part of a draft, as it is typed; contributions are not among it."""
    if found.kind == PhaseKind.BUDGET:
        return "\n".join(f"{one.title}; {one.cost}" for one in list_projects(session, found.id))
    if found.kind == PhaseKind.SURVEY:
        return write_questions(list_questions(session, found.id))
    if found.kind == PhaseKind.DOCUMENT:
        return next((one.text for one in list_versions(session, found.id)), "")
    return ""


def _view(consultation_id: object) -> ConsultationView:
    ports = current_ports()
    with ports.database.reading() as session:
        view = get_consultation(session, str(consultation_id), ports.now(), drafts=True)
        session.expunge_all()
    return view


def _authorities() -> list[Authority]:
    with current_ports().database.reading() as session:
        found = list(list_authorities(session))
        session.expunge_all()
    return found
