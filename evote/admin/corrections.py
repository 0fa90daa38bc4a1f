"""A lost code, a paper vote: the registrar's signed entry is looked at, then confirmed, then logged for good."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField
from wtforms.validators import InputRequired

from evote.admin.acts import act
from evote.admin.blueprint import admin, current_official, needs
from evote.admin.conducting import election_head
from evote.admin.forms import make_form
from evote.admin.roles import Permission
from evote.current import current_services
from evote.elections.corrections import MOST_BYTES, REPLACE, STRIKE, Correction, log_correction, read_correction
from evote.elections.documents import hash_text
from evote.elections.models import OPEN
from evote.errors import EvoteError
from evote.languages import said
from evote.pages.queries import notices


@admin.route("/elections/<uuid:election_id>/corrections", methods=["GET", "POST"])
@needs(Permission.ROLL)
def corrections(election_id: object) -> ResponseReturnValue:
    """Take replace.json or strike.json, and say what it will do; nothing is done yet."""
    form = _upload_form()
    if not form.validate_on_submit():
        return _page(str(election_id), upload=form), 422 if form.errors else 200
    document, line = form.entry.data.read(MOST_BYTES + 1), form.line.data
    try:
        correction = read_correction(
            current_services(), str(election_id), document, line.read(MOST_BYTES + 1) if line else b""
        )
    except EvoteError as error:
        return _page(str(election_id), problem=said(error)), 422
    return _page(str(election_id), correction=correction, confirm=_confirm_form(document.decode()))


@admin.post("/elections/<uuid:election_id>/corrections/log")
@needs(Permission.ROLL, fresh=True)
def correct(election_id: object) -> ResponseReturnValue:
    """Put the entry on the log; it is checked once more."""
    services, key = current_services(), str(election_id)
    form = _confirm_form("")
    document = (form.document.data or "").encode()
    try:
        correction = read_correction(services, key, document)
        if not form.validate_on_submit():
            return _page(key, correction=correction, confirm=form), 422
        details: dict[str, Any] = {"sha256": hash_text(document.strip())}  # who it is about stays out of this log
        act(
            services,
            current_official(),
            key,
            correction.kind,
            details,
            lambda: log_correction(services, correction, key),
        )
    except EvoteError as error:
        return _page(key, problem=said(error)), 422
    return redirect(url_for("admin.corrections", election_id=election_id, done=correction.kind), 303)


def _upload_form() -> Any:
    needed = FileRequired(gettext("Choose replace.json or strike.json."))
    fields = {
        "entry": FileField(gettext("replace.json or strike.json"), validators=[needed]),
        "line": FileField(gettext("voters.csv that came with replace.json")),
    }
    return make_form(fields, {})


def _confirm_form(document: str) -> Any:
    sure = gettext("I have compared the voter id with the request of the voter, and know that this cannot be undone.")
    fields = {
        "document": HiddenField(),
        "sure": BooleanField(sure, validators=[InputRequired(gettext("Tick this first."))]),
    }
    return make_form(fields, {"document": document})


def _page(
    election_id: str,
    *,
    upload: Any = None,
    problem: str = "",
    correction: Correction | None = None,
    confirm: Any = None,
) -> str:
    services, head = current_services(), election_head(election_id)
    with services.database.reading() as session:
        counts = {kind: len(notices(session, head.id, kind)) for kind in (REPLACE, STRIKE)}
    return render_template(
        "admin/corrections.html",
        head=head,
        form=confirm or upload or _upload_form(),
        correction=correction,
        problem=problem,
        counts=counts,
        open=head.state == OPEN,
        done=request.args.get("done", "") if request.method == "GET" else "",
    )
