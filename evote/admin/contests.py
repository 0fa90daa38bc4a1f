"""The steps of a definition that are about contests: the list, and one at a time."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf import FlaskForm

from evote.admin.blueprint import admin, current_official, needs
from evote.admin.checks import CONTESTS
from evote.admin.contest_form import (
    change_options,
    contest_form,
    field_of,
    kind_names,
    read_contest,
    rule_names,
)
from evote.admin.drafts import DraftView, draft_problems, get_draft, save_draft
from evote.admin.forms import make_form
from evote.admin.option_form import parts_of
from evote.admin.order_form import DRAW, read_orders_form, settle_draw
from evote.admin.presets import KINDS, Definition, free_id, new_contest
from evote.admin.roles import Permission
from evote.admin.writing import after_saving, frame, show, validated
from evote.current import current_services
from evote.elections.headed import MOST_PART
from evote.elections.media_files import sort_media
from evote.errors import NotFound
from evote.pages.filters import localized
from participation.numbers import number_of


@admin.route("/drafts/<uuid:draft_id>/contests", methods=["GET", "POST"])
@needs(Permission.WRITE)
def draft_contests(draft_id: object) -> ResponseReturnValue:
    """List the contests; add one, remove one, move one up."""
    draft = get_draft(current_services(), str(draft_id))
    form = make_form({}, {})
    if sent := validated(form, draft):
        action = request.form.get("action", "")
        if action == "continue":
            return after_saving(draft, CONTESTS)
        contests, styles = _changed(draft, action)
        ids = {contest["id"] for contest in contests}
        orders = [one for one in draft.definition["orders"] if one["id"] in ids]
        changes = {"contests": contests, "styles": styles, "orders": orders}
        draft = save_draft(current_services(), current_official(), sent, CONTESTS, changes)
        if action.startswith("add-"):
            place = len(contests) - 1
            return redirect(url_for("admin.draft_contest", draft_id=draft_id, place=place), 303)
        return redirect(url_for("admin.draft_contests", draft_id=draft_id), 303)
    problems = draft_problems(current_services(), draft)
    wrong = [problem for problem in problems if problem.part == CONTESTS] if request.args.get("check") else []
    names = kind_names()
    return render_template(
        "admin/draft_contests.html",
        form=form,
        part=CONTESTS,
        wrong=wrong,
        kinds=[(kind, names[kind]) for kind in KINDS],
        listed=[
            (localized(one["title"]) or gettext("Without a title"), names[one["kind"]], len(one["options"]))
            for one in draft.definition["contests"]
        ],
        **frame(draft, problems),
    )


@admin.route("/drafts/<uuid:draft_id>/contests/<int:place>", methods=["GET", "POST"])
@needs(Permission.WRITE, upload=True, typed=True)
def draft_contest(draft_id: object, place: int) -> ResponseReturnValue:
    """One contest: texts, options, rule."""
    draft = get_draft(current_services(), str(draft_id))
    if place >= len(draft.definition["contests"]):
        raise NotFound(gettext("There is no such contest in this draft."))
    contest = draft.definition["contests"][place]
    form = contest_form(contest, draft.definition["orders"], draft.languages)
    if sent := validated(form, draft):
        action = request.form.get("action", "")
        changed = change_options(read_contest(form, contest, draft.languages), action)
        draft = _save(sent, place, changed, form, action)
        mine = [
            one for one in draft_problems(current_services(), draft) if (one.part, one.contest) == (CONTESTS, place)
        ]
        settled = changed["rule"]["name"] == contest["rule"]["name"]
        if action == "continue" and not mine and settled:
            return redirect(url_for("admin.draft_contests", draft_id=draft_id), 303)
        check = None if action.startswith(("add", "remove", "up")) else 1
        anchor = "options" if check is None else "order" if action == DRAW else None
        address = url_for("admin.draft_contest", draft_id=draft_id, place=place, check=check, _anchor=anchor)
        return redirect(address, 303)
    problems = draft_problems(current_services(), draft)
    mine = [one for one in problems if (one.part, one.contest) == (CONTESTS, place)]
    names = {one.field: field_of(one, contest, draft.languages) for one in mine}
    return show(
        draft,
        CONTESTS,
        form,
        names,
        place,
        place=place,
        contest=contest,
        kind=kind_names()[contest["kind"]],
        rules=rule_names(),
        parts=[part.lower() for part in parts_of(contest)],
        room=MOST_PART,
        media=[sort_media(option["media"]) for option in contest["options"]],
        drawn=next((one for one in draft.definition["orders"] if one["id"] == contest["id"] and "seed" in one), None),
    )


def _save(draft: DraftView, place: int, contest: Definition, form: FlaskForm, action: str) -> DraftView:
    services, before = current_services(), draft.definition
    orders = read_orders_form(form, before["orders"], contest, draft.languages)
    seed = (form["seed"].data if "seed" in form else "") if action == DRAW else None
    orders, lines = settle_draw(orders, contest, seed, services.random_bytes(16))
    contests = [*before["contests"][:place], contest, *before["contests"][place + 1 :]]
    changes = {"contests": contests, "orders": orders}
    return save_draft(services, current_official(), draft, CONTESTS, changes, lines=lines)


def _changed(draft: DraftView, action: str) -> tuple[list[Definition], dict[str, list[str]]]:
    """Return contests and styles after a button: `add-rank`, `remove-0`, `up-1`."""
    contests, styles = list(draft.definition["contests"]), dict(draft.definition["styles"])
    what, _, rest = action.partition("-")
    number = number_of(rest)
    place = number if number < len(contests) else -1
    if what == "add" and rest in KINDS:
        made = new_contest(free_id("c", [one["id"] for one in contests]), rest)
        contests.append(made)
        styles = {name: [*held, made["id"]] for name, held in styles.items()} or {"all": [made["id"]]}
    elif what == "remove" and place >= 0:
        gone = contests.pop(place)["id"]
        styles = {name: [one for one in held if one != gone] for name, held in styles.items()}
    elif what == "up" and place > 0:
        contests[place - 1], contests[place] = contests[place], contests[place - 1]
    return contests, styles
