"""A document to comment on: its page, one page a paragraph, its versions and what changed between two of them.

A passage is chosen by ticking sentences: the same by keyboard, by mouse and by screen reader.
"""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import HiddenField, TextAreaField

from participation.consultations.kinds import PhaseKind
from participation.consultations.pages import phase_badge
from participation.consultations.queries import get_phase, is_open, require_open
from participation.contributions.differences import compare_texts
from participation.contributions.kinds import ContributionKind, ContributionState
from participation.contributions.threads import PAGE, pick_threads
from participation.contributions.writing import LENGTHS, NewContribution, contribute
from participation.documents.passages import Block, make_anchor
from participation.documents.versions import get_document, list_versions, place_comments
from participation.errors import Missing, ParticipationError, Unacceptable
from participation.forms import Form, longest, needed
from participation.guards import limited
from participation.numbers import asked_number, number_of
from participation.paging import Pages, page_number
from participation.people.current import current_person, signed_in, signed_in_person
from participation.ports import current_ports
from participation.text import paragraphs

documents = Blueprint("documents", __name__, url_prefix="/consultations/<uuid:consultation_id>/document")
WRITES = "60 per hour"


class PassageForm(Form):
    """A comment on a passage."""

    back = HiddenField()
    version = HiddenField()
    text = TextAreaField(filters=[paragraphs])

    def __init__(self, **data: object) -> None:
        """Label the field."""
        super().__init__(data=data)
        self.label(text=gettext("Your comment"))
        self.rule("text", needed(gettext("Write your comment.")), longest(LENGTHS[ContributionKind.COMMENT]))


@documents.get("/<int:phase_id>")
def phase(consultation_id: object, phase_id: int) -> str:
    """Show the document, with the number of comments on each paragraph."""
    ports, wanted = current_ports(), asked_number("version")
    with ports.database.reading() as session:
        view, part = get_phase(session, str(consultation_id), phase_id, PhaseKind.DOCUMENT, ports.now())
        document, versions = get_document(session, phase_id, wanted), list_versions(session, phase_id)
        comments = place_comments(session, document)
        lost = pick_threads(session, part, comments.elsewhere, 1)
        session.expunge_all()
    return render_template(
        "participation/documents/phase.html",
        view=view,
        part=part,
        badge=phase_badge(part),
        document=document,
        comments=comments.on,
        editions=versions,
        lost=lost,
        person=current_person(),
        open=is_open(view, part),
    )


@documents.get("/<int:phase_id>/paragraph/<int:number>")
def paragraph(consultation_id: object, phase_id: int, number: int) -> str:
    """Show a paragraph, what was said about it, and a form to say something about a passage of it."""
    form = PassageForm(back=request.path)
    return _paragraph(consultation_id, phase_id, number, form, set())


@documents.post("/<int:phase_id>/paragraph/<int:number>/comment")
@limited(WRITES)
@signed_in
def comment(consultation_id: object, phase_id: int, number: int) -> ResponseReturnValue:
    """Take a comment on a passage."""
    ports, form = current_ports(), PassageForm()
    chosen = {number_of(one) for one in request.form.getlist("sentence")}
    if form.validate_on_submit():
        try:
            with ports.database.writing() as session:
                view, part = get_phase(session, str(consultation_id), phase_id, PhaseKind.DOCUMENT, ports.now())
                require_open(view, part)
                document = get_document(session, phase_id)
                if form.version.data != str(document.version.number):
                    raise Unacceptable(
                        "The document was changed meanwhile. Look at the passage as it is now; your text is kept."
                    )
                anchor = make_anchor(document.blocks, document.version.number, number, sorted(chosen))
                if anchor is None:
                    raise Missing("The document has no such passage.")
                new = NewContribution(ContributionKind.COMMENT, form.text.data, anchor=anchor.as_json())
                made = contribute(session, ports, part.phase, signed_in_person(), new)
                contribution_id, waits = made.id, made.state == ContributionState.WAITING
        except Missing:
            raise
        except ParticipationError as error:
            form.refuse(error)
        else:
            sentence = gettext("Your comment waits until a moderator has looked at it.")
            flash(sentence if waits else gettext("Your comment is public now."))
            home = url_for("documents.paragraph", consultation_id=consultation_id, phase_id=phase_id, number=number)
            return redirect(f"{home}#c{contribution_id}", 303)
    return _paragraph(consultation_id, phase_id, number, form, chosen), 422


@documents.get("/<int:phase_id>/changes")
def changes(consultation_id: object, phase_id: int) -> str:
    """Show what changed between two versions, word by word."""
    ports = current_ports()
    with ports.database.reading() as session:
        view, part = get_phase(session, str(consultation_id), phase_id, PhaseKind.DOCUMENT, ports.now())
        versions = list_versions(session, phase_id)
        session.expunge_all()
    by_number = {one.number: one for one in versions}
    after = by_number.get(asked_number("to") or 0) or versions[0]
    before = by_number.get(asked_number("from") or 0) or by_number.get(after.number - 1) or after
    return render_template(
        "participation/documents/changes.html",
        view=view,
        part=part,
        editions=versions,
        before=before,
        after=after,
        pieces=compare_texts(before.text, after.text),
    )


def _paragraph(consultation_id: object, phase_id: int, number: int, form: PassageForm, chosen: set[int]) -> str:
    ports, page = current_ports(), page_number()
    with ports.database.reading() as session:
        view, part = get_phase(session, str(consultation_id), phase_id, PhaseKind.DOCUMENT, ports.now())
        document = get_document(session, phase_id)
        block: Block | None = next((one for one in document.blocks if one.number == number and number), None)
        if block is None:
            raise Missing("The document has no such passage.")
        ids = place_comments(session, document).on.get(number, ())
        threads = pick_threads(session, part, ids, page)
        session.expunge_all()
    form.version.data = str(document.version.number)
    return render_template(
        "participation/documents/paragraph.html",
        view=view,
        part=part,
        document=document,
        block=block,
        form=form,
        chosen=chosen,
        threads=threads,
        pages=Pages(page, len(ids), PAGE),
        person=current_person(),
        open=is_open(view, part),
    )
