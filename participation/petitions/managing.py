"""The creator's own page: where the petition stands, the link for supporters, news for signers."""

from flask import flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from participation.errors import Missing, ParticipationError
from participation.forms import EmptyForm
from participation.guards import limited
from participation.petitions.answering import propose_update, updates_of
from participation.petitions.blueprint import badges_of, blueprint, goal_of
from participation.petitions.cookies import creator_token, drop_creator_cookie
from participation.petitions.counts import counts_of
from participation.petitions.forms import UpdateForm
from participation.petitions.history import history_of
from participation.petitions.letters import invitation_link
from participation.petitions.life import State
from participation.petitions.links import SESSION, hash_token, session_petition
from participation.petitions.models import Petition, PetitionLink
from participation.petitions.pages import public_history
from participation.petitions.queries import view_of
from participation.petitions.supporters import count_supporters
from participation.petitions.wording import reason_name
from participation.ports import current_ports


@blueprint.route("/mine", methods=["GET", "POST"])
@limited("30 per hour")
def mine() -> ResponseReturnValue:
    """Show a creator the petition of this session, and take news of it."""
    ports = current_ports()
    with ports.database.reading() as session:
        petition_id = session_petition(session, creator_token(), ports.now())
        row = session.get(Petition, petition_id) if petition_id else None
        if row is None:
            return render_template("participation/petitions/mine_closed.html"), 403
        view, invitation = view_of(row), invitation_link(ports, row)
        supporters = count_supporters(session, view.id, ports)
        count = counts_of(session, ports, [view.id])[view.id]
        steps = public_history(history_of(session, view.id, whole=True))
        updates = updates_of(session, view.id, all_states=True)
    form = UpdateForm()
    if form.validate_on_submit():
        try:
            propose_update(ports, view.id, form.title.data, form.text.data)
        except ParticipationError as error:
            form.refuse(error)
        else:
            flash(gettext("Your news waits for the moderators. When they have looked at it, signers get it."), "good")
            return redirect(url_for("petitions.mine"), 303)
    page = render_template(
        "participation/petitions/mine.html",
        form=form,
        leave=EmptyForm(formdata=None),
        petition=view,
        badges=badges_of(view, ports),
        invitation=invitation,
        supporters=supporters,
        count=count,
        goal=goal_of(count, ports),
        steps=steps,
        updates=updates,
        reason=reason_name(view.life.reason),
        can_tell=view.life.shows_text and view.state is not State.REJECTED,
        rules=ports.rules.petitions,
    )
    return page, 422 if form.errors else 200


@blueprint.post("/mine/leave")
def leave() -> ResponseReturnValue:
    """End the creator's session in this browser."""
    ports, token = current_ports(), creator_token()
    if not EmptyForm().validate_on_submit():
        raise Missing("There is no such page.")
    with ports.database.writing() as session:
        row = session.get(PetitionLink, hash_token(token))
        if row is not None and row.purpose == SESSION:
            session.delete(row)
    flash(gettext("You have left the page of your petition on this device."), "good")
    return drop_creator_cookie(make_response(redirect(url_for("petitions.index"), 303)))
