"""Conducting an election: what is next, and the freeze."""

from dataclasses import dataclass

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import BooleanField, Field, HiddenField
from wtforms.validators import InputRequired

from ballots.manifest import Manifest
from evote.admin.acts import KEY_FILE, ROLL_FILES, freeze_staged, hash_shown, list_staged
from evote.admin.blueprint import admin, current_official, needs
from evote.admin.forms import make_form
from evote.admin.officials import assigned_to
from evote.admin.roles import ROLE_NAMES, Permission
from evote.admin.standing import Step, ballot_costs, next_steps
from evote.current import current_services
from evote.elections.cost import MOST_POWERS
from evote.elections.queries import get_election
from evote.errors import EvoteError
from evote.languages import said
from evote.pages.filters import by_name, localized
from evote.pages.phases import Standing, phase_of, standing


@dataclass(frozen=True)
class Head:
    """What the head of each page of an election says."""

    id: str
    title: str
    state: str
    standing: Standing
    fingerprint: str
    manifest: Manifest


def election_head(election_id: str) -> Head:
    """Return the head of an election's pages.

    Raises:
        NotFound: There is no such election.
    """
    services = current_services()
    with services.database.reading() as session:
        detail = get_election(session, election_id)
    one = detail.summary
    phase = phase_of(one.state, one.opens_at, one.closes_at, services.now())
    title = localized(detail.manifest.title)
    return Head(one.id, title, one.state, standing(phase), one.fingerprint, detail.manifest)


@admin.get("/elections/<uuid:election_id>")
@needs(Permission.SEE)
def conduct(election_id: object) -> str:
    """Show where an election stands and what is next."""
    head = election_head(str(election_id))
    steps: list[Step] = next_steps(current_services(), head.id)
    held = assigned_to(current_services(), head.id)
    assigned = [(name, gettext(", ").join(str(ROLE_NAMES[role]) for role in held[name])) for name in by_name(held)]
    return render_template("admin/conduct.html", head=head, steps=steps, assigned=assigned)


@admin.route("/elections/<uuid:election_id>/freeze", methods=["GET", "POST"])
@needs(Permission.CONDUCT, fresh=True)
def freeze(election_id: object) -> ResponseReturnValue:
    """Fix manifest, key and roll for good."""
    services, head = current_services(), election_head(str(election_id))
    costs = ballot_costs(head.manifest)
    dear = max(cost.powers for cost in costs) > MOST_POWERS
    sure = gettext("Key and roll are the right ones, and I know that a freeze cannot be undone.")
    force = gettext("I know that old telephones will take minutes for a ballot, and freeze nevertheless.")
    needed = InputRequired(gettext("Tick this first."))
    fields: dict[str, Field] = {"shown": HiddenField(), "sure": BooleanField(sure, validators=[needed])}
    if dear:
        fields["force"] = BooleanField(force, validators=[needed])
    form = make_form(fields, {})
    problem = ""
    if form.validate_on_submit():
        try:
            freeze_staged(services, current_official(), head.id, form.shown.data or "", force=dear)
        except EvoteError as error:
            problem = said(error)
        else:
            return redirect(url_for("admin.conduct", election_id=election_id), 303)
    staged = list_staged(services, head.id)
    shown = hash_shown({name: one.sha256 for name, one in staged.items()})
    if form.shown.data != shown:  # who looked at other files has not said yes to these
        form.shown.data, form.sure.data = shown, False
    page = render_template(
        "admin/freeze.html",
        head=head,
        form=form,
        costs=costs,
        dear=dear,
        problem=problem,
        staged=staged,
        names=(*ROLL_FILES, KEY_FILE),
    )
    return page, 422 if problem or form.errors else 200
