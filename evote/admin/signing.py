"""The official's signature: the request goes out, the key stays where it is, the signed file comes back."""

from datetime import UTC
from urllib.parse import urlencode

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, Field, StringField
from wtforms.validators import InputRequired

from ballots import codec
from ballots.errors import EncodingError
from evote.admin.acts import act
from evote.admin.blueprint import admin, current_official, needs
from evote.admin.conducting import election_head
from evote.admin.fields import moment_field, read_moment
from evote.admin.forms import make_form
from evote.admin.roles import Permission
from evote.current import current_services
from evote.elections.models import CLOSED, DRAFT, FROZEN, OPEN, TALLIED, Election
from evote.elections.official import shut_door
from evote.elections.signing import KINDS, make_request, read_request, submit_request
from evote.errors import EvoteError, Malformed, NotFound
from evote.languages import said
from evote.pages.filters import printable

_FITTING = {"open": (FROZEN,), "close": (OPEN,), "extend": (OPEN,), "annul": (OPEN, CLOSED, TALLIED)}


@admin.route("/elections/<uuid:election_id>/sign/<kind>", methods=["GET", "POST"])
@needs(Permission.CONDUCT, fresh=True)
def sign(election_id: object, kind: str) -> ResponseReturnValue:
    """Say what is to be signed and how, and take it back signed."""
    head = election_head(str(election_id))
    if kind not in KINDS or head.state == DRAFT:
        raise NotFound(gettext("There is nothing to sign here."))
    form = make_form({"signed": FileField(gettext("The signed file"), validators=[FileRequired(_choose())])}, {})
    problem = ""
    if form.validate_on_submit():
        document = form.signed.data.read()
        try:
            _hand_in(head.id, kind, document)
        except EvoteError as error:
            problem = said(error)
        else:
            return redirect(url_for("admin.conduct", election_id=election_id), 303)
    address = url_for("admin.request_to_sign", election_id=election_id, kind=kind)
    page = render_template(
        "admin/sign.html",
        head=head,
        kind=kind,
        form=form,
        asked=_asked(kind),
        stop=make_form({"sure": BooleanField(gettext("Take no more ballots. This cannot be undone."))}, {}),
        problem=problem,
        fits=head.state in _FITTING[kind],
        ready=_is_ready(head.id, kind),
        request_address=f"{address}?{urlencode(_given(kind))}",
        closes_itself=kind == "close" and head.manifest.closing == "time",
    )
    return page, 422 if problem or form.errors else 200


@admin.get("/elections/<uuid:election_id>/sign/<kind>/request.json")
@needs(Permission.CONDUCT)
def request_to_sign(election_id: object, kind: str) -> Response:
    """Give out what is to be signed."""
    if kind not in KINDS:
        raise NotFound(gettext("There is nothing to sign here."))
    fields: dict[str, codec.Json] = {**_given(kind)}
    data = make_request(current_services(), str(election_id), kind, fields)
    name = f'attachment; filename="to-sign-{kind}.json"'
    return Response(data, mimetype="application/json", headers={"Content-Disposition": name})


@admin.post("/elections/<uuid:election_id>/stop")
@needs(Permission.CONDUCT, fresh=True)
def stop(election_id: object) -> ResponseReturnValue:
    """Shut the door before the close is signed."""
    key, services = str(election_id), current_services()
    form = make_form({"sure": BooleanField("", validators=[InputRequired()])}, {})
    if form.validate_on_submit():
        act(services, current_official(), key, "door-shut", {}, lambda: shut_door(services, key))
    return redirect(url_for("admin.sign", election_id=election_id, kind="close"), 303)


def _hand_in(election_id: str, wanted: str, document: bytes) -> None:
    services = current_services()
    try:
        kind, signed, _ = codec.take(codec.parse_canonical(document.strip()), "kind", "signed", "signature")
        kind, details = read_request(codec.encode_canonical({"kind": kind, "signed": signed}))
    except EncodingError as error:
        raise Malformed("This is not what `python -m evote official-sign` writes. %(error)s", error=error) from None
    if kind != wanted:
        raise Malformed(gettext("This file signs something else. Hand it in on the page from which it came."))
    act(
        services,
        current_official(),
        election_id,
        kind,
        details,
        lambda: submit_request(services, election_id, document),
    )


def _is_ready(election_id: str, kind: str) -> bool:
    """Say whether the request can be made: a close needs the door shut, extend and annul their reason."""
    if kind in ("extend", "annul"):
        return bool(_given(kind))
    with current_services().database.reading() as session:
        row = session.get(Election, election_id)
    return kind == "open" or (row is not None and row.state == OPEN and not row.door_open)


def _asked(kind: str) -> FlaskForm | None:
    """Return the form of what the official decides: until when, and why."""
    fields: dict[str, Field] = {}
    if kind == "extend":
        fields["until"] = moment_field(gettext("New closing time"))
    if kind in ("extend", "annul"):
        needed = InputRequired(gettext("Give the reason in one sentence; it stands on the board."))
        fields["reason"] = StringField(gettext("Reason"), validators=[needed], filters=[printable])
    if not fields:
        return None
    form = make_form(fields, {})
    for name in fields if request.args else ():
        form[name].process(request.args)
        form[name].validate(form)
    return form


def _given(kind: str) -> dict[str, str]:
    """Return the fields that the address holds, as they are signed; nothing while they are not whole."""
    reason = printable(request.args.get("reason"))[:500]
    if kind == "annul":
        return {"reason": reason} if reason else {}
    if kind != "extend" or not reason:
        return {}
    exact, typed = request.args.get("closes_at", ""), request.args.get("until", "")
    try:
        moment = codec.parse_time(exact) if exact else read_moment(typed)
    except (EncodingError, Malformed):
        return {}
    return {"closes_at": codec.encode_time(moment.astimezone(UTC)), "reason": reason}


def _choose() -> str:
    return gettext("Choose the file that the command wrote.")
