"""The page “Officials”: a site admin appoints people, gives and takes roles, and helps who has lost a device."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length

from evote.admin import officials
from evote.admin.blueprint import admin, current_official, needs
from evote.admin.drafts import list_drafts
from evote.admin.forms import choices, make_form
from evote.admin.models import NAME_LENGTH
from evote.admin.officials import OfficialView, list_officials
from evote.admin.roles import FOR_ONE_ELECTION, ROLE_MEANINGS, ROLE_NAMES, Permission, Role
from evote.current import current_services
from evote.elections.queries import list_elections
from evote.errors import EvoteError, Forbidden, NotFound
from evote.languages import said
from evote.pages.filters import by_name, localized, printable


@dataclass(frozen=True)
class Assigned:
    """A role for one election, as the page shows it."""

    election_id: str
    title: str
    role: Role
    name: str


@admin.route("/officials", methods=["GET", "POST"])
@needs(Permission.APPOINT, fresh=True)
def officials_page() -> ResponseReturnValue:
    """List all accounts; appoint somebody, and show the enrolment code, once."""
    services, form = current_services(), _appointment_form()
    if form.validate_on_submit():
        roles = [Role(name) for name in form.roles.data]
        elections = [form.election.data] if form.election.data else []
        try:
            code = officials.add_official(services, form.official_name.data, roles, elections, current_official().name)
        except EvoteError as error:
            form.official_name.errors = [said(error)]
        else:
            return _code_page(form.official_name.data.strip(), code)
    everybody = [(one, _roles(one.roles), len(one.assigned)) for one in by_name(list_officials(services), "name")]
    return render_template("admin/officials.html", form=form, everybody=everybody), 422 if form.errors else 200


@admin.get("/officials/<int:official_id>")
@needs(Permission.APPOINT)
def official_page(official_id: int) -> str:
    """Show one account."""
    return _official_page(_find(official_id))


@admin.post("/officials/<int:official_id>/roles")
@needs(Permission.APPOINT, fresh=True)
def change_roles(official_id: int) -> ResponseReturnValue:
    """Replace the roles on the whole site."""
    found = _other(official_id)
    roles = [Role(name) for name in request.form.getlist("roles") if name in set(Role)]
    return _do(
        found,
        lambda: officials.change_roles(current_services(), found.name, roles, current_official().name),
        gettext("The roles are changed."),
    )


@admin.post("/officials/<int:official_id>/elections")
@needs(Permission.APPOINT, fresh=True)
def change_assignments(official_id: int) -> ResponseReturnValue:
    """Give a role for one election, or take one away."""
    found, services, by = _other(official_id), current_services(), current_official().name
    election_id, name = request.form.get("election", ""), request.form.get("role", "")
    if name not in set(Role):
        raise NotFound(gettext("There is no such role."))
    if request.form.get("action") == "withdraw":
        done = gettext("The role is taken away.")
        return _do(found, lambda: officials.withdraw_official(services, found.name, election_id, Role(name), by), done)
    done = gettext("The role is given.")
    return _do(found, lambda: officials.assign_official(services, found.name, election_id, Role(name), by), done)


@admin.post("/officials/<int:official_id>/reset")
@needs(Permission.APPOINT, fresh=True)
def reset_official(official_id: int) -> ResponseReturnValue:
    """Give a new enrolment code to somebody who has lost password or devices, and show it, once."""
    found = _other(official_id)
    code = officials.reset_official(current_services(), found.name, current_official().name)
    return _code_page(found.name, code)


@admin.post("/officials/<int:official_id>/remove")
@needs(Permission.APPOINT, fresh=True)
def remove_official(official_id: int) -> ResponseReturnValue:
    """Close an account for good."""
    found = _other(official_id)
    if not request.form.get("sure"):
        return _official_page(found, gettext("Tick first that the account shall be closed for good.")), 422
    officials.remove_official(current_services(), found.name, current_official().name)
    flash(gettext("The account of %(name)s is closed.", name=found.name), "good")
    return redirect(url_for("admin.officials_page"), 303)


def election_titles() -> list[tuple[str, str]]:
    """Return (id, title) of all elections and drafts."""
    services = current_services()
    with services.database.reading() as session:
        made = [(one.id, localized(one.title)) for one in list_elections(session, with_drafts=True)]
    drafts = [(one.id, localized(one.title)) for one in list_drafts(services)]
    return [(key, title or gettext("An election without a title")) for key, title in [*drafts, *made]]


def _appointment_form() -> FlaskForm:
    named = DataRequired(gettext("Enter the name by which this person will sign in."))
    needed = DataRequired(gettext("Choose at least one role."))
    roles = choices((role.value, f"{ROLE_NAMES[role]}: {ROLE_MEANINGS[role]}") for role in Role)
    everywhere = ("", gettext("All elections, and the site"))
    fields = {
        "official_name": StringField(gettext("Name"), validators=[named, Length(max=NAME_LENGTH)], filters=[printable]),
        "roles": SelectMultipleField(gettext("Roles"), choices=roles, validators=[needed]),
        "election": SelectField(gettext("For which election"), choices=choices([everywhere, *election_titles()])),
    }
    return make_form(fields, {})


def _official_page(found: OfficialView, problem: str = "") -> str:
    titles = dict(election_titles())
    assigned = [
        Assigned(key, titles.get(key, key), role, str(ROLE_NAMES[role]))
        for key, roles in found.assigned.items()
        for role in roles
    ]
    return render_template(
        "admin/official.html",
        found=found,
        problem=problem,
        own=found.id == current_official().official_id,
        roles=[(role, str(ROLE_NAMES[role]), str(ROLE_MEANINGS[role])) for role in Role],
        for_one=[(role, str(ROLE_NAMES[role])) for role in FOR_ONE_ELECTION],
        elections=list(titles.items()),
        assigned=assigned,
        form=make_form({}, {}),
    )


def _code_page(name: str, code: str) -> str:
    address = f"{current_services().settings.base_url}/admin/enrol"
    days = officials.ENROLMENT_LIFETIME.days
    return render_template("admin/enrolment_code.html", name=name, code=code, address=address, days=days)


def _do(found: OfficialView, change: Callable[[], None], done: str) -> ResponseReturnValue:
    try:
        change()
    except EvoteError as error:
        return _official_page(found, said(error)), error.status
    flash(done, "good")
    return redirect(url_for("admin.official_page", official_id=found.id), 303)


def _find(official_id: int) -> OfficialView:
    found = [one for one in list_officials(current_services()) if one.id == official_id]
    if not found or found[0].state == "removed":
        raise NotFound(gettext("There is no such official."))
    return found[0]


def _other(official_id: int) -> OfficialView:
    """Return an account that is not one's own: nobody gives roles to themselves, or locks themselves out."""
    if official_id == current_official().official_id:
        raise Forbidden(gettext("Nobody changes their own roles. Ask another site admin, or the operator."))
    return _find(official_id)


def _roles(roles: tuple[Role, ...]) -> str:
    return gettext(", ").join(str(ROLE_NAMES[role]) for role in roles)
