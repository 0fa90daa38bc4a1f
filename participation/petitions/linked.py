"""Pages behind mailed links. Opening one changes nothing, for programs that scan mail open links too: a button does."""

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from participation.errors import ParticipationError
from participation.forms import EmptyForm, MailForm
from participation.guards import limited
from participation.petitions.blueprint import blueprint
from participation.petitions.cookies import drop_draft_cookie, set_creator_cookie
from participation.petitions.creation import ask_for_manage_link, confirm_creator, open_management
from participation.petitions.forms import PersonForm
from participation.petitions.links import CONFIRM, MANAGE, SUPPORT, look_at_link
from participation.petitions.queries import find_petition
from participation.petitions.supporters import ask_to_support, confirm_support, count_supporters, find_invited
from participation.ports import current_ports
from participation.text import canonical_mail

PRESSES = "60 per minute"
ASKINGS = "30 per minute; 200 per hour"


@blueprint.route("/confirm/<token>", methods=["GET", "POST"])
@limited(PRESSES)
def confirm(token: str) -> ResponseReturnValue:
    """Confirm a mail address: of a petition's creator, or of a supporter."""
    ports = current_ports()
    with ports.database.reading() as session:
        link = look_at_link(session, token, ports.now(), CONFIRM, SUPPORT)
        view = find_petition(session, link.petition_id)
    form = EmptyForm()
    if not form.validate_on_submit():
        return render_template("participation/petitions/confirm.html", form=form, petition=view, link=link)
    if link.purpose == CONFIRM:
        _, cookie = confirm_creator(ports, token)
        answer = make_response(redirect(url_for("petitions.mine"), 303))
        return drop_draft_cookie(set_creator_cookie(answer, cookie))
    _, again = confirm_support(ports, token)
    return redirect(url_for("petitions.supported", again=1 if again else None), 303)


@blueprint.get("/supported")
def supported() -> str:
    """Thank a supporter."""
    return render_template("participation/petitions/supported.html", again="again" in request.args)


@blueprint.route("/<uuid:petition_id>/support/<code>", methods=["GET", "POST"])
@limited(ASKINGS)
def support(petition_id: object, code: str) -> ResponseReturnValue:
    """Show a petition to whom its creator invited, and ask for their support."""
    ports, key = current_ports(), str(petition_id)
    with ports.database.reading() as session:
        view = find_invited(session, key, code)
        supporters = count_supporters(session, key, ports)
    form = PersonForm()
    if form.validate_on_submit():
        try:
            ask_to_support(ports, key, code, form.name.data, form.mail.data)
            return redirect(url_for("petitions.asked"), 303)
        except ParticipationError as error:
            form.refuse(error)
    page = render_template("participation/petitions/support.html", form=form, petition=view, supporters=supporters)
    return page, 422 if form.errors else 200


@blueprint.get("/asked")
def asked() -> str:
    """Say that a mail is on its way."""
    return render_template("participation/petitions/asked.html", hours=current_ports().rules.petitions.confirm_hours)


@blueprint.route("/manage/<token>", methods=["GET", "POST"])
@limited(PRESSES)
def manage_link(token: str) -> ResponseReturnValue:
    """Exchange a mailed link, by a button, for a session of the creator."""
    ports = current_ports()
    with ports.database.reading() as session:
        link = look_at_link(session, token, ports.now(), MANAGE)
        view = find_petition(session, link.petition_id)
    form = EmptyForm()
    if not form.validate_on_submit():
        return render_template("participation/petitions/manage_link.html", form=form, petition=view, link=link)
    answer = make_response(redirect(url_for("petitions.mine"), 303))
    return set_creator_cookie(answer, open_management(ports, token))


@blueprint.route("/<uuid:petition_id>/manage", methods=["GET", "POST"])
@limited(ASKINGS)
def ask_to_manage(petition_id: object) -> ResponseReturnValue:
    """Mail a fresh link to a creator; the answer is the same for everybody."""
    form = MailForm()
    if form.validate_on_submit():
        ask_for_manage_link(current_ports(), str(petition_id), canonical_mail(form.mail.data))
        return redirect(url_for("petitions.asked"), 303)
    return render_template("participation/petitions/ask_to_manage.html", form=form), 422 if form.errors else 200
