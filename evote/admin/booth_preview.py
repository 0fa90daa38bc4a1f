"""A draft in the booth's own screens: drawn by the booth's script, without voter, key and encryption."""

from flask import render_template
from flask.typing import ResponseReturnValue

from evote.admin.blueprint import admin, needs
from evote.admin.drafts import draft_problems, get_draft
from evote.admin.order_form import order_rows
from evote.admin.roles import Permission
from evote.admin.writing import frame
from evote.booth.words import booth_words
from evote.current import current_services


@admin.get("/drafts/<uuid:draft_id>/booth")
@needs(Permission.SEE)
def draft_booth(draft_id: object) -> ResponseReturnValue:
    """Show each question as the booth will; nothing that is tried here goes anywhere."""
    services = current_services()
    draft = get_draft(services, str(draft_id))
    contests = draft.definition["contests"]
    orders = {one["id"]: one for one in order_rows(draft.definition["orders"]) if one.get("seed", "x")}
    problems = draft_problems(services, draft)
    wrong = {problem.contest for problem in problems if problem.field not in ("label", "title", "order")}
    shown = {
        "contests": [one for place, one in enumerate(contests) if place not in wrong],
        "orders": orders,
        "files": f"/admin/drafts/{draft.id}/",
    }
    missing = len(contests) - len(shown["contests"])
    return render_template(
        "admin/draft_booth.html", part="check", shown=shown, missing=missing, words=booth_words(), **frame(draft, [])
    )
