"""The page of one contribution, with its history and, once reported, its answer; changing and taking back one's own."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import HiddenField, StringField, TextAreaField

from participation.consultations.kinds import OUTCOMES, PhaseKind, ReportOutcome
from participation.consultations.models import Phase
from participation.consultations.queries import get_consultation, is_open, list_report, require_open
from participation.contributions.blueprint import WRITES, contributions
from participation.contributions.differences import Piece, compare_texts
from participation.contributions.kinds import KINDS, REASONS, ContributionKind, ContributionState, Reason
from participation.contributions.models import Contribution, ContributionEvent, Support
from participation.contributions.queries import view_contributions
from participation.contributions.threads import PAGE, Sorting, list_threads
from participation.contributions.writing import edit, require_changeable, withdraw
from participation.errors import Missing, NotNow, NotPermitted, ParticipationError
from participation.forms import EmptyForm, Form
from participation.guards import limited
from participation.numbers import number_of
from participation.paging import Pages, page_number
from participation.parts import Step
from participation.people.current import current_person, recognised, signed_in, signed_in_person
from participation.ports import current_ports
from participation.text import one_line, paragraphs


class EditForm(Form):
    """One's own contribution, changed."""

    revision = HiddenField()
    title = StringField(filters=[one_line])
    text = TextAreaField(filters=[paragraphs])

    def __init__(self, **data: object) -> None:
        """Label the fields."""
        super().__init__(data=data)
        self.label(title=gettext("Title"), text=gettext("Text"))


@contributions.get("/<int:contribution_id>")
def contribution(contribution_id: int) -> str:
    """Show one contribution."""
    ports, number = current_ports(), page_number()
    with ports.database.reading() as session:
        found = session.get(Contribution, contribution_id)
        person = current_person()
        if found is None:
            raise Missing("There is no such contribution, or it is not public.")
        mine = person is not None and found.person_id == person.id
        phase = session.get_one(Phase, found.phase_id)
        view = get_consultation(session, phase.consultation_id, ports.now())
        part = next(one for one in view.phases if one.phase.id == phase.id)
        [shown] = view_contributions(session, part, [found])
        events = session.scalars(
            select(ContributionEvent)
            .where(ContributionEvent.contribution_id == found.id)
            .order_by(ContributionEvent.id)
        ).all()
        parent = session.get(Contribution, found.parent_id) if found.parent_id else None
        threads, total = list_threads(
            session, part, ContributionKind.COMMENT, parent_id=found.id, sorting=Sorting.OLDEST, page=number
        )
        amendments, _ = list_threads(session, part, ContributionKind.AMENDMENT, parent_id=found.id)
        supported = person is not None and session.get(Support, (found.id, person.id)) is not None
        answers = [line for line in list_report(session, view.consultation.id) if found.id in line.contributions]
        changeable = mine and _is_changeable(session, found)
        session.expunge_all()
    public = found.state == ContributionState.SHOWN
    return render_template(
        "participation/contributions/contribution.html",
        one=shown,
        kind=str(KINDS[ContributionKind(found.kind)]),
        view=view,
        mine=mine,
        steps=[Step(event.at, event.by, event_text(event, shown=public or mine), event.note) for event in events],
        answers=[(line, str(OUTCOMES[ReportOutcome(line.outcome)])) for line in answers],
        empty=EmptyForm(),
        parent=parent,
        changes=_changes(found, parent) if public else [],
        changeable=changeable and is_open(view, part),
        threads=threads,
        pages=Pages(number, total, PAGE),
        amendments=amendments,
        supported=supported,
        person=person,
        talks=part.kind in (PhaseKind.DISCUSSION, PhaseKind.PROPOSALS, PhaseKind.DOCUMENT),
        open=is_open(view, part),
    )


def _changes(found: Contribution, parent: Contribution | None) -> list[Piece]:
    """Return what an amendment changes in what it amends."""
    if found.kind != ContributionKind.AMENDMENT or parent is None or parent.state != ContributionState.SHOWN:
        return []
    return compare_texts(parent.text, found.text)


@contributions.route("/<int:contribution_id>/edit", methods=["GET", "POST"])
@limited(WRITES)
@signed_in
def change(contribution_id: int) -> ResponseReturnValue:
    """Change one's own contribution while its part is open."""
    ports, person = current_ports(), signed_in_person()
    with ports.database.reading() as session:
        found = session.get(Contribution, contribution_id)
        if found is None:
            raise Missing("There is no such contribution, or it is not public.")
        if found.person_id != person.id:
            raise NotPermitted("Only who wrote this can change it.")
        phase = session.get_one(Phase, found.phase_id)
        if request.method == "GET":
            _require_open(session, found)
            require_changeable(session, found)
        session.expunge_all()
    form = EditForm(revision=found.revision, title=found.title, text=found.text)
    if form.validate_on_submit():
        revision, title, text = number_of(form.revision.data), form.title.data or "", form.text.data or ""
        try:
            with ports.database.writing() as session:
                _require_open(session, found)
                changed = edit(session, ports, found.id, revision, person, title, text)
                waits = changed.state == ContributionState.WAITING
        except ParticipationError as error:
            form.refuse(error)
        else:
            sentence = gettext("It waits until a moderator has looked at it.")
            flash(sentence if waits else gettext("Your text was changed; everybody can see that it was."))
            return redirect(url_for("contributions.contribution", contribution_id=found.id), 303)
    page = render_template("participation/contributions/edit.html", form=form, found=found, phase=phase)
    return page, 422 if form.errors else 200


@contributions.post("/<int:contribution_id>/withdraw")
@limited(WRITES)
@recognised
def take_back(contribution_id: int) -> ResponseReturnValue:
    """Take one's own contribution back."""
    ports = current_ports()
    if EmptyForm().validate_on_submit():
        with ports.database.writing() as session:
            withdraw(session, ports, contribution_id, signed_in_person())
        flash(gettext("You took it back. Its place stays, without your text."))
    return redirect(url_for("contributions.contribution", contribution_id=contribution_id), 303)


def event_text(event: ContributionEvent, *, shown: bool) -> str:
    """Say what happened to a contribution; what it was before an edit is told only while it is public."""
    names = {
        "written": gettext("Written."),
        "edited": gettext("Changed by who wrote it."),
        "withdrawn": gettext("Taken back by who wrote it."),
        "hidden": gettext("Taken down by a moderator."),
        "shown": gettext("Looked at by a moderator, and public."),
        "appealed": gettext("Who wrote it asked for another look."),
        "appeal-refused": gettext("Looked at again: it stays as it is."),
    }
    text = names.get(event.what, event.what)
    if event.reason in set(Reason):
        text = f"{text} {REASONS[Reason(event.reason)]}"
    if event.what == "edited" and shown and event.before:
        text = f"{text} {gettext('Before: “%(text)s”', text=' '.join(event.before.values()).strip())}"
    return text


def _is_changeable(session: Session, found: Contribution) -> bool:
    try:
        require_changeable(session, found)
    except NotNow:
        return False
    return True


def _require_open(session: Session, found: Contribution) -> None:
    phase = session.get_one(Phase, found.phase_id)
    view = get_consultation(session, phase.consultation_id, current_ports().now())
    require_open(view, next(one for one in view.phases if one.phase.id == phase.id))
