"""Writing a definition, step by step; each step is saved, and shown as voters will see it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import Field, RadioField, StringField

from evote.admin import forms
from evote.admin.blueprint import admin, current_official, needs
from evote.admin.checks import CONTESTS, PARTS, PEOPLE, STYLES, TEXTS, TIMES, Problem
from evote.admin.drafts import (
    DraftView,
    begin_draft,
    copy_election,
    definition_bytes,
    draft_problems,
    get_draft,
    part_states,
    save_draft,
)
from evote.admin.order_form import drafted_orders
from evote.admin.presets import CHOOSE, PRESET_NAMES, Definition
from evote.admin.preview import preview_contest
from evote.admin.roles import Permission
from evote.admin.wording import part_names
from evote.current import current_services
from evote.elections.models import DRAFT
from evote.elections.queries import list_elections
from evote.errors import NotFound
from evote.pages.contest_view import ContestView
from evote.pages.filters import localized, page_locale, printable
from evote.pages.prose import render_prose

_PAGES = {TEXTS: "draft_texts", CONTESTS: "draft_contests", STYLES: "draft_styles", TIMES: "draft_times"}
_PAGES |= {PEOPLE: "draft_people", "check": "draft_check"}


@admin.route("/drafts/new", methods=["GET", "POST"])
@needs(Permission.BEGIN)
def new_draft() -> ResponseReturnValue:
    """Choose how to begin: a template, or a copy of an earlier election."""
    services = current_services()
    with services.database.reading() as session:
        listed = list_elections(session, with_drafts=True)
    may = current_official().may
    earlier = [(one.id, localized(one.title)) for one in listed if one.state != DRAFT or may(Permission.SEE, one.id)]
    presets = [(name, str(text)) for name, text in PRESET_NAMES.items()]
    copies = [(f"copy-{identity}", gettext("A copy of “%(title)s”", title=title)) for identity, title in earlier]
    fields = {"begin": RadioField(gettext("How do you want to begin?"), choices=forms.choices([*presets, *copies]))}
    form = forms.make_form(
        {**fields, "languages": StringField(gettext("Languages"), validators=[languages_of_new], filters=[printable])},
        {"begin": CHOOSE, "languages": page_locale().language},
    )
    if form.validate_on_submit():
        begin, official = form.begin.data, current_official()
        if begin.startswith("copy-"):
            draft_id = copy_election(services, official, begin.removeprefix("copy-"))
        else:
            draft_id = begin_draft(services, official, begin, forms.read_languages(form.languages.data))
        return redirect(url_for("admin.draft_texts", draft_id=draft_id), 303)
    return render_template("admin/new_draft.html", form=form), 422 if form.errors else 200


@admin.route("/drafts/<uuid:draft_id>/texts", methods=["GET", "POST"])
@needs(Permission.WRITE, upload=True, typed=True)
def draft_texts(draft_id: object) -> ResponseReturnValue:
    """Languages, title and description."""
    draft = get_draft(current_services(), str(draft_id))
    form = forms.texts_form(draft.definition, draft.languages)
    if sent := validated(form, draft):
        changes = {name: forms.read_texts(form, name, draft.languages) for name in ("title", "description")}
        languages = forms.read_languages(form.languages.data)
        changed = languages != list(draft.languages)
        draft = save_draft(current_services(), current_official(), sent, TEXTS, changes, languages)
        return after_saving(draft, TEXTS, stay=changed)
    return show(draft, TEXTS, form, {"title": f"title-{draft.languages[0]}"})


@admin.route("/drafts/<uuid:draft_id>/styles", methods=["GET", "POST"])
@needs(Permission.WRITE, typed=True)
def draft_styles(draft_id: object) -> ResponseReturnValue:
    """Ballot styles: who gets which contests."""
    draft = get_draft(current_services(), str(draft_id))
    form = forms.styles_form(draft.definition)
    if sent := validated(form, draft):
        changes = {"styles": forms.read_styles(form, draft.definition)}
        return after_saving(save_draft(current_services(), current_official(), sent, STYLES, changes), STYLES)
    return show(draft, STYLES, form, {"styles": "style-0"}, count=len(draft.definition["styles"]) + 1)


@admin.route("/drafts/<uuid:draft_id>/times", methods=["GET", "POST"])
@needs(Permission.WRITE, typed=True)
def draft_times(draft_id: object) -> ResponseReturnValue:
    """When it opens and closes, and the bounds."""
    draft = get_draft(current_services(), str(draft_id))
    form = forms.times_form(draft.definition)
    if sent := validated(form, draft):
        changes: Definition = {name: form[name].data for name in ("closing", "min_ballots", "modulus_bits")}
        changes |= {name: forms.read_time(form[name].data) for name in ("opens_at", "closes_at")}
        return after_saving(save_draft(current_services(), current_official(), sent, TIMES, changes), TIMES)
    return show(draft, TIMES, form, {})


@admin.route("/drafts/<uuid:draft_id>/people", methods=["GET", "POST"])
@needs(Permission.WRITE, typed=True)
def draft_people(draft_id: object) -> ResponseReturnValue:
    """Trustees, observers, and the keys of registrar and official."""
    draft = get_draft(current_services(), str(draft_id))
    form = forms.people_form(draft.definition)
    if sent := validated(form, draft):
        changes = forms.read_people(form)
        return after_saving(save_draft(current_services(), current_official(), sent, PEOPLE, changes), PEOPLE)
    return show(draft, PEOPLE, form, {})


@admin.get("/drafts/<uuid:draft_id>/definition.json")
@needs(Permission.SEE)
def draft_definition(draft_id: object) -> Response:
    """Give the definition out, for the command line and for keeping."""
    data = definition_bytes(get_draft(current_services(), str(draft_id)))
    return Response(
        data, mimetype="application/json", headers={"Content-Disposition": 'attachment; filename="definition.json"'}
    )


def validated(form: FlaskForm, draft: DraftView) -> DraftView | None:
    """Return the draft, at the revision that the page showed, when a form was sent whole.

    Raises:
        Malformed: The page does not say which state of the draft it shows.
    """
    if not form.is_submitted():
        return None
    revision = forms.shown_revision()
    if not form.validate():
        return None
    first = next((field for field in form if field.name != "csrf_token"), None)
    if revision != draft.revision and first is not None:
        message = gettext(
            "Somebody saved this draft while you wrote. What you typed still stands here, but is not saved: save again "
            "to put it in the place of theirs, or open the page anew to see what they wrote."
        )
        first.errors = [*first.errors, message]
        return None
    return replace(draft, revision=revision)


def after_saving(draft: DraftView, part: str, *, stay: bool = False, **place: Any) -> Response:
    """Go on to the next step, unless something on this one is wrong or the official wants to look."""
    mine = [problem for problem in draft_problems(current_services(), draft) if problem.part == part]
    if stay or mine or request.form.get("action", "") != "continue":
        address = url_for(f"admin.{_PAGES[part]}", draft_id=draft.id, check=1, **place)
    else:
        following = [*PARTS, "check"][PARTS.index(part) + 1]
        address = url_for(f"admin.{_PAGES[following]}", draft_id=draft.id)
    return redirect(address, 303)  # type: ignore[return-value]  # werkzeug's class is Flask's here


def show(
    draft: DraftView, part: str, form: FlaskForm, names: dict[str, str], number: int = -1, **more: Any
) -> ResponseReturnValue:
    """Render a step; after saving, each problem stands at its field.

    Args:
        draft: As stored.
        part: Which step.
        form: With its errors, if it was sent and refused.
        names: {field of a problem: name of the form's field} where they differ.
        number: Only problems of this contest, where the step is about one.
        more: For the template.
    """
    stale = form.is_submitted() and request.form.get("revision", "") != str(draft.revision)
    status = 409 if stale else 422 if form.errors else 200
    problems = draft_problems(current_services(), draft)
    if request.args.get("check") and not form.is_submitted():
        for problem in problems:
            if problem.part == part and problem.contest in (number, -1):
                put_at_field(form, names.get(problem.field, problem.field), problem)
    page = render_template(
        f"admin/draft_{part if number < 0 else 'contest'}.html",
        form=form,
        part=part,
        **frame(draft, problems),
        **more,
    )
    return page, status


def put_at_field(form: FlaskForm, name: str, problem: Problem) -> None:
    """Show a problem at its field, or at the form's first where it has none."""
    field = form[name] if name in form else next(iter(form))
    field.errors = [*field.errors, problem.message]


def frame(draft: DraftView, problems: list[Problem]) -> dict[str, Any]:
    """Return what every step's template needs: the draft, the steps and how they stand, and the preview."""
    if draft.created:
        raise NotFound(gettext("The manifest of this election is made; it can no longer be written."))
    names = part_names()
    return {
        "draft": draft,
        "title": localized(draft.title) or gettext("An election without a title"),
        "problems": problems,
        "states": part_states(draft, problems),
        "steps": [(part, names[part], url_for(f"admin.{page}", draft_id=draft.id)) for part, page in _PAGES.items()],
        "preview": draft_contests_view(draft),
        "prose": render_prose(localized(draft.definition["description"])),
    }


def draft_contests_view(draft: DraftView) -> list[ContestView]:
    """Write out a draft's contests as voters will see them."""
    orders = drafted_orders(draft.definition["orders"])
    return [
        preview_contest(one, orders.get(one["id"]), media_address(draft.id)) for one in draft.definition["contests"]
    ]


def media_address(draft_id: str) -> Callable[[str], str]:
    """Return where a draft's files are, for officials: {path: address}."""
    return lambda path: url_for("admin.draft_file", draft_id=draft_id, name=path.removeprefix("media/"))


def languages_of_new(form: FlaskForm, field: Field) -> None:
    """Check the languages of a new draft; a copy brings its own."""
    if not str(form.begin.data).startswith("copy-"):
        forms.check_languages(form, field)
