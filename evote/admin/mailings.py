"""Mails to voters: the list of an election's mails, and writing one."""

from dataclasses import dataclass
from typing import Any

from flask import Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import Field, RadioField, StringField, TextAreaField
from wtforms.validators import Length

from evote.admin.blueprint import admin, current_official, needs
from evote.admin.conducting import Head, election_head
from evote.admin.forms import choices, in_language, language_name, make_form, shown_revision, tidy
from evote.admin.mailings_acts import EXAMPLE_ID, Place, begin_mailing, preview, save_mailing
from evote.admin.mailings_wording import (
    audience_names,
    kind_names,
    placeholder_names,
    starting_texts,
    state_names,
)
from evote.admin.roles import Permission
from evote.current import current_services
from evote.errors import Conflict, NotFound
from evote.languages import said
from evote.locales.catalogue import is_rtl, spoken_languages
from evote.mailings.kinds import KINDS
from evote.mailings.models import DRAFT, EVERYBODY, Mailing
from evote.mailings.people import count_people, rounded
from evote.mailings.progress import Progress, list_mailings, read_progress
from evote.mailings.texts import MOST_SUBJECT, MOST_TEXT, Texts, find_problems, plain


@dataclass(frozen=True)
class Crowd:
    """How many people a mail goes to; of people who have not voted rounded down to tens, 0 for fewer than ten."""

    count: int
    rough: bool


@admin.get("/elections/<uuid:election_id>/mailings")
@needs(Permission.SEE)
def mailings(election_id: object) -> str:
    """List an election's mails to voters."""
    services, head = current_services(), election_head(str(election_id))
    with services.database.reading() as session:
        listed = list_mailings(session, head.id, services.now())
    return render_template(
        "admin/mailings.html", head=head, listed=listed, kinds=kind_names(), states=state_names(), draft=DRAFT
    )


@admin.route("/elections/<uuid:election_id>/mailings/new", methods=["GET", "POST"])
@needs(Permission.MAIL)
def new_mailing(election_id: object) -> ResponseReturnValue:
    """Choose what the mail is for."""
    head, names = election_head(str(election_id)), kind_names()
    form = make_form(
        {"kind": RadioField(gettext("What is the mail for?"), choices=choices((one, names[one]) for one in KINDS))}, {}
    )
    if form.validate_on_submit():
        texts = starting_texts(form.kind.data, mail_languages(head))
        place = begin_mailing(current_services(), current_official(), head.id, form.kind.data, texts)
        return redirect(address_of("write_mailing", place), 303)
    return render_template("admin/mailing_new.html", head=head, form=form), 422 if form.errors else 200


@admin.route("/elections/<uuid:election_id>/mailings/<int:mailing_id>/write", methods=["GET", "POST"])
@needs(Permission.MAIL, typed=True)
def write_mailing(election_id: object, mailing_id: int) -> ResponseReturnValue:
    """Write a mail in each language, beside it as voters will get it."""
    services, head = current_services(), election_head(str(election_id))
    place = Place(head.id, mailing_id)
    mailing = find_mailing(place)
    if mailing.state != DRAFT and request.method == "GET":
        return redirect(address_of("mailing", place), 303)
    languages = list(dict.fromkeys([*mail_languages(head), *mailing.texts]))
    form, refusal = _form(mailing, languages), ""
    if form.validate_on_submit():
        texts, audience = _read(form, languages), str(form.audience.data if "audience" in form else mailing.audience)
        try:
            save_mailing(services, current_official(), place, shown_revision(), audience, texts)
        except Conflict as error:  # what was typed stays in the fields, and the page shows the state of now
            mailing, refusal = find_mailing(place), said(error)
        else:
            if find_problems(texts) or request.form.get("action") != "continue":
                return redirect(address_of("write_mailing", place, check=1), 303)
            return redirect(address_of("confirm_mailing", place), 303)
    texts = _read(form, languages) if form.is_submitted() else mailing.texts
    if not form.is_submitted() and request.args.get("check"):
        for problem in find_problems(texts):
            field = form[f"{problem.field}-{problem.language}"]
            field.errors = [*field.errors, said(problem.error)]
    page = render_template(
        "admin/mailing_write.html",
        head=head,
        mailing=mailing,
        form=form,
        problem=refusal,
        languages=languages,
        right_to_left=[one for one in languages if is_rtl(one)],
        kind=kind_names()[mailing.kind],
        placeholders=placeholder_names(),
        parts=preview(services, head.id, texts),
        example=EXAMPLE_ID,
        crowd=count_crowd(head.id, mailing.audience),
    )
    return page, 409 if refusal else 422 if form.is_submitted() else 200


@admin.post("/elections/<uuid:election_id>/mailings/<int:mailing_id>/preview")
@needs(Permission.MAIL)
def preview_mailing(election_id: object, mailing_id: int) -> Response:
    """Answer the page's script while the mail is written: {"parts", "problems"}; nothing is stored."""
    head = election_head(str(election_id))
    mailing = find_mailing(Place(head.id, mailing_id))
    languages = list(dict.fromkeys([*mail_languages(head), *mailing.texts]))
    form = _form(mailing, languages)
    texts = _read(form, languages)
    parts = preview(current_services(), head.id, texts) if form.validate() else []
    several = [
        gettext("%(language)s: %(problem)s", language=language_name(one.language), problem=said(one.error))
        for one in find_problems(texts)
    ]
    return jsonify(
        {
            "parts": [{**vars(part), "direction": part.direction} for part in parts],
            "problems": several if any(text["subject"] or text["text"] for text in texts.values()) else [],
        }
    )


def find_mailing(place: Place) -> Progress:
    """Return a mail of an election.

    Raises:
        NotFound: There is none of this number.
    """
    services = current_services()
    with services.database.reading() as session:
        row = session.get(Mailing, place.mailing_id) if place.mailing_id < 2**31 else None
        if row is None or row.election_id != place.election_id:
            raise NotFound("There is no such mail.")
        return read_progress(session, row, services.now())


def count_crowd(election_id: str, audience: str) -> Crowd:
    """Return how many people a mail would go to now."""
    with current_services().database.reading() as session:
        count = count_people(session, election_id, audience)
    return Crowd(count, rough=False) if audience == EVERYBODY else Crowd(rounded(count), rough=True)


def mail_languages(head: Head) -> list[str]:
    """Return the languages in which a mail can be written: the election's, the main one first, then the site's."""
    return list(dict.fromkeys([*head.manifest.title, *spoken_languages()]))


def address_of(page: str, place: Place, **more: Any) -> str:
    """Return the address of a page about a mail."""
    return url_for(f"admin.{page}", election_id=place.election_id, mailing_id=place.mailing_id, **more)


def _form(mailing: Progress, languages: list[str]) -> FlaskForm:
    fields: dict[str, Field] = {}
    data: dict[str, Any] = {"audience": mailing.audience}
    if len(KINDS[mailing.kind]) > 1:
        names = audience_names()
        options = choices((one, names[one]) for one in KINDS[mailing.kind])
        fields["audience"] = RadioField(gettext("To whom?"), choices=options)
    long = gettext("This text is too long.")
    for language in languages:
        fields[f"subject-{language}"] = StringField(
            in_language(gettext("Subject"), language, languages),
            validators=[Length(max=MOST_SUBJECT, message=long)],
            filters=[lambda typed: plain(typed or "")],
        )
        fields[f"text-{language}"] = TextAreaField(
            in_language(gettext("Text"), language, languages),
            validators=[Length(max=MOST_TEXT, message=long)],
            filters=[tidy],
        )
        written = mailing.texts.get(language, {"subject": "", "text": ""})
        data |= {f"{name}-{language}": written[name] for name in ("subject", "text")}
    return make_form(fields, data)


def _read(form: FlaskForm, languages: list[str]) -> Texts:
    return {one: {name: form[f"{name}-{one}"].data or "" for name in ("subject", "text")} for one in languages}
