"""Beginning a petition: what should be done, what is like it, the text, the name, a last look. Plain forms only."""

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from participation.errors import ParticipationError
from participation.forms import EmptyForm
from participation.guards import limited
from participation.petitions.blueprint import blueprint
from participation.petitions.cookies import draft_key, drop_draft_cookie, set_draft_cookie
from participation.petitions.creation import Draft, begin_draft, find_draft, hand_in, save_draft
from participation.petitions.forms import PersonForm, TextForm, TitleForm
from participation.petitions.search import find_similar
from participation.ports import current_ports

_FOLDER = "participation/petitions/new"
BEGINNINGS = "20 per hour; 60 per day"
SAVES = "120 per hour"
HAND_INS = "20 per hour"


@blueprint.get("/new")
def begin() -> str:
    """Explain how a petition begins."""
    return render_template(f"{_FOLDER}/begin.html", draft=_draft(), rules=current_ports().rules.petitions)


@blueprint.route("/new/title", methods=["GET", "POST"])
@limited(BEGINNINGS)
def write_title() -> ResponseReturnValue:
    """Take the title; the draft is kept from here on."""
    draft = _draft()
    form = TitleForm(title=draft.title if draft else "")
    if not form.validate_on_submit():
        return _page("title", form, draft)
    following = redirect(url_for("petitions.similar"), 303)
    if draft is not None and not draft.confirmed:
        save_draft(current_ports(), draft_key(), {"title": form.title.data})
        return following
    return set_draft_cookie(make_response(following), begin_draft(current_ports(), form.title.data))


@blueprint.get("/new/similar")
def similar() -> ResponseReturnValue:
    """Show petitions like this one, to be signed instead."""
    ports, draft = current_ports(), _draft()
    if draft is None:
        return _to("begin")
    with ports.database.reading() as session:
        found = find_similar(session, draft.title, ports.rules.petitions.similar, draft.id)
    if not found:
        return _to("write_text")
    return render_template(f"{_FOLDER}/similar.html", draft=draft, found=found)


@blueprint.route("/new/text", methods=["GET", "POST"])
@limited(SAVES)
def write_text() -> ResponseReturnValue:
    """Take background and details."""
    draft = _draft()
    if draft is None:
        return _to("begin")
    form = TextForm(background=draft.background, details=draft.details)
    if not form.validate_on_submit():
        return _page("text", form, draft)
    fields = {"background": form.background.data, "details": form.details.data}
    save_draft(current_ports(), draft_key(), fields)
    return _to("write_person")


@blueprint.route("/new/you", methods=["GET", "POST"])
@limited(SAVES)
def write_person() -> ResponseReturnValue:
    """Take name and mail address."""
    draft = _draft()
    if draft is None:
        return _to("begin")
    form = PersonForm(name=draft.name, mail=draft.mail)
    if not form.validate_on_submit():
        return _page("you", form, draft)
    save_draft(current_ports(), draft_key(), {"name": form.name.data, "mail": form.mail.data})
    return _to("check")


@blueprint.route("/new/check", methods=["GET", "POST"])
@limited(HAND_INS)
def check() -> ResponseReturnValue:
    """Show everything once more, then mail the link that confirms the address."""
    draft = _draft()
    if draft is None:
        return _to("begin")
    if draft.missing:
        return _to({"title": "write_title", "text": "write_text", "you": "write_person"}[draft.missing])
    form = EmptyForm()
    if form.validate_on_submit():
        try:
            hand_in(current_ports(), draft_key())
            return _to("sent")
        except ParticipationError as error:
            form.refuse(error)
    return _page("check", form, draft)


@blueprint.get("/new/sent")
def sent() -> ResponseReturnValue:
    """Say that a mail is on its way."""
    draft = _draft()
    if draft is None:
        return _to("begin")
    if draft.link_ended:
        return _to("check")
    return render_template(f"{_FOLDER}/sent.html", draft=draft, rules=current_ports().rules.petitions)


@blueprint.post("/new/discard")
@limited(SAVES)
def discard() -> ResponseReturnValue:
    """Forget the draft in this browser, to begin another."""
    return drop_draft_cookie(make_response(redirect(url_for("petitions.begin"), 303)))


def _draft() -> Draft | None:
    """Return the draft of this browser, as long as it can be written."""
    draft = find_draft(current_ports(), draft_key())
    return None if draft is None or draft.confirmed else draft


def _page(step: str, form: object, draft: Draft | None) -> ResponseReturnValue:
    rules = current_ports().rules.petitions
    page = render_template(f"{_FOLDER}/{step}.html", form=form, draft=draft, rules=rules, step=step)
    return page, 422 if request.method == "POST" else 200


def _to(endpoint: str) -> Response:
    response = redirect(url_for(f"petitions.{endpoint}"), 303)
    return make_response(response)
