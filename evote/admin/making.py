"""The last step of writing: look at everything, then make the manifest, which cannot be undone."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import BooleanField
from wtforms.validators import InputRequired

from evote.admin.blueprint import admin, current_official, needs
from evote.admin.drafts import draft_problems, get_draft, make_manifest, preview_manifest
from evote.admin.forms import language_name, make_form
from evote.admin.roles import Permission
from evote.admin.writing import frame, validated
from evote.current import current_services
from evote.elections.cost import MOST_POWERS, estimate_costs


@admin.route("/drafts/<uuid:draft_id>/check", methods=["GET", "POST"])
@needs(Permission.WRITE, fresh=True)
def draft_check(draft_id: object) -> ResponseReturnValue:
    """Show all that is wrong, or what the manifest will be; make it."""
    services, key = current_services(), str(draft_id)
    draft = get_draft(services, key)
    if draft.created:
        return redirect(url_for("admin.conduct", election_id=key), 303)
    sure = gettext("I have read everything above. It is right, and I know that it cannot be changed.")
    needed = InputRequired(gettext("Read everything and tick this first."))
    form = make_form({"sure": BooleanField(sure, validators=[needed])}, {})
    if sent := validated(form, draft):
        make_manifest(services, current_official(), key, sent.revision)
        return redirect(url_for("admin.conduct", election_id=key), 303)
    problems = draft_problems(services, draft)
    manifest = None if problems else preview_manifest(services, draft)
    page = render_template(
        "admin/draft_check.html",
        form=form,
        part="check",
        manifest=manifest,
        costs=estimate_costs(manifest) if manifest else [],
        most_powers=MOST_POWERS,
        languages=[language_name(language) for language in draft.languages],
        checked=request.method == "POST",
        **frame(draft, problems),
    )
    return page, 422 if form.errors else 200
