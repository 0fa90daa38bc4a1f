"""What trustees and the tally made, handed in by hand where `tally follow` could not post it."""

from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.file import FileField, FileRequired
from pydantic import ValidationError

from ballots import codec
from evote.admin.acts import act
from evote.admin.blueprint import admin, current_official, needs
from evote.admin.conducting import election_head
from evote.admin.forms import make_form
from evote.admin.roles import Permission
from evote.admin.standing import list_signers
from evote.api.schemas import IntentIn, OpeningIn, PartialIn
from evote.board.settle import settle
from evote.current import current_services
from evote.errors import EvoteError, Malformed
from evote.languages import said
from evote.services import Services
from evote.strict import parse_strict
from evote.trustees.intents import post_intent
from evote.trustees.openings import post_opening
from evote.trustees.partials import post_partial
from evote.trustees.tallies import post_tally

_File = OpeningIn | IntentIn | PartialIn | None
"""What a file says; nothing for a tally, whose own checks say what it is."""
_NAMES = {OpeningIn: "opening", IntentIn: "intent", PartialIn: "partial", type(None): "tally"}


@admin.route("/elections/<uuid:election_id>/trustees", methods=["GET", "POST"])
@needs(Permission.SEE, upload=True, fresh=True)
def trustees_page(election_id: object) -> ResponseReturnValue:
    """Show who has done what, and take files."""
    services, head, official = current_services(), election_head(str(election_id)), current_official()
    needed = FileRequired(gettext("Choose the file first."))
    form = make_form({"document": FileField(gettext("A trustee's file, or tally.json"), validators=[needed])}, {})
    may = Permission.CONDUCT in official.permissions
    problem = ""
    if may and form.validate_on_submit():
        data = form.document.data.read()
        try:
            hand_in(services, head.id, data)
        except EvoteError as error:
            problem = said(error)
        else:
            return redirect(url_for("admin.trustees_page", election_id=election_id), 303)
    with services.database.reading() as session:
        people = list_signers(session, head.id, head.manifest)
    page = render_template("admin/trustees.html", head=head, form=form, people=people, may=may, problem=problem)
    return page, 422 if problem or form.errors else 200


def hand_in(services: Services, election_id: str, data: bytes) -> None:
    """Find out what a file is, and hand it in.

    Raises:
        Malformed: It is no opening, intent, partial or tally, or breaks a rule.
        Conflict, Unsigned, Unavailable: As the use case says.
    """
    fields = parse_strict(data.strip())
    if not isinstance(fields, dict):
        raise Malformed(gettext("This is no file of a trustee, and no tally.json."))
    file = _read(fields)
    what, details = _NAMES[type(file)], _whose(file)
    act(
        services,
        current_official(),
        election_id,
        "tally" if file is None else "file-handed-in",
        {"file": what, **details},
        lambda: _post(services, election_id, file, fields, data),
    )


def _read(fields: dict[str, Any]) -> _File:
    """Return a trustee's file in its shape, before anything of it is logged; nothing for a tally.

    Raises:
        Malformed: It has no shape that we know.
    """
    if "contests" in fields:
        return None
    shape: type[OpeningIn | IntentIn | PartialIn] = IntentIn if "counted" in fields else OpeningIn
    try:
        return (PartialIn if "parts" in fields else shape).model_validate(fields)
    except ValidationError:
        raise Malformed(gettext("This is no file of a trustee, and no tally.json.")) from None


def _whose(file: _File) -> dict[str, codec.Json]:
    """Return the number of the trustee or observer, as the log has it."""
    number = file.observer if isinstance(file, IntentIn) and file.trustee is None else file and file.trustee
    return {} if number is None else {"of": number}


def _post(services: Services, election_id: str, file: _File, fields: dict[str, Any], data: bytes) -> None:
    if file is None:
        queued = post_tally(services, election_id, data.strip())
        if queued is not None:
            settle(services, [queued.id])
    elif isinstance(file, PartialIn):
        post_partial(services, election_id, fields)
    elif isinstance(file, IntentIn):
        post_intent(services, election_id, file.model_dump(exclude_none=True))
    else:
        post_opening(services, election_id, file.election, file.trustee, file.signature)
