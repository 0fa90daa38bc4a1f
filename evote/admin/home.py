"""Where an official arrives: what is to be done, by role."""

from flask import render_template
from flask_babel import gettext

from evote.admin.blueprint import admin, current_official, needs
from evote.admin.drafts import list_drafts
from evote.admin.roles import ROLE_NAMES, Permission
from evote.current import current_services
from evote.elections.queries import list_elections
from evote.pages.filters import localized
from evote.pages.phases import phase_of, standing


@admin.get("/")
@needs(None)
def home() -> str:
    """Show what this official can do: drafts to write, elections to conduct."""
    services, official = current_services(), current_official()
    drafts, elections = [], []
    if official.may_somewhere(Permission.SEE):
        drafts = [
            (one, localized(one.title)) for one in list_drafts(services) if official.may(Permission.WRITE, one.id)
        ]
        with services.database.reading() as session:
            listed = list_elections(session, with_drafts=True)
        elections = [
            (one, localized(one.title), standing(phase_of(one.state, one.opens_at, one.closes_at, services.now())))
            for one in listed
            if official.may(Permission.SEE, one.id)
        ]
    held = {*official.roles, *(role for roles in official.assigned.values() for role in roles)}
    roles = gettext(", ").join(str(ROLE_NAMES[role]) for role in sorted(held))
    return render_template("admin/home.html", roles=roles, drafts=drafts, elections=elections)
