"""Where an official arrives: what is to be done, by role."""

from flask import render_template

from evote.admin.blueprint import admin, current_official, needs
from evote.admin.roles import ROLE_NAMES


@admin.get("/")
@needs(None)
def home() -> str:
    """Show what this official can do."""
    roles = ", ".join(str(ROLE_NAMES[role]) for role in current_official().roles)
    return render_template("admin/home.html", roles=roles)
