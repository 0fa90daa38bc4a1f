"""Signing with a credential of the roll: the code stays in the browser, only the signature comes here."""

from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import select

from ballots import codec
from ballots.errors import EncodingError
from participation.errors import Missing, ParticipationError, Unacceptable
from participation.guards import limited
from participation.petitions.life import may_sign
from participation.ports import current_ports
from participation.regions.places import load_regions
from participation.signatures.confirming import entry_of, sign_by_roll, withdraw_by_roll
from participation.signatures.forms import region_choices
from participation.signatures.logs import load_signing
from participation.signatures.models import Signature, Standing
from participation.signatures.receipts import receipt_of
from participation.signatures.statements import ROLL

blueprint = Blueprint("signatures_by_roll", __name__, url_prefix="/petitions/<uuid:petition_id>")
_LIMIT = "60 per minute"


@blueprint.get("/sign-with-code")
def page(petition_id: object) -> ResponseReturnValue:
    """Show the page whose script signs."""
    ports = current_ports()
    signing = load_signing(ports, str(petition_id))
    if ROLL not in signing.document.methods or signing.document.roll is None:
        raise Missing("This petition is not signed with credential codes.")
    place = f"{request.script_root}/petitions/{signing.petition_id}"
    regions = load_regions(ports.rules.signatures.regions).regions
    return render_template(
        "participation/signatures/by_roll.html",
        signing=signing,
        open_now=may_sign(signing.life, ports.now()),
        regions=region_choices(list(regions)) if regions else [],
        words=_words(),
        places={
            "record": f"{place}/record/",
            "credentials": f"{place}/credentials",
            "petition": signing.hash,
            "manifest": signing.document.roll.manifest,
        },
    )


@blueprint.post("/credentials")
@limited(_LIMIT)
def sign(petition_id: object) -> ResponseReturnValue:
    """Take {"voter", "signature", "region"}."""
    ports, (voter, signature, region) = current_ports(), _fields("voter", "signature", "region")
    if region and load_regions(ports.rules.signatures.regions).get(region) is None:
        raise Unacceptable("This is no region of the list.")
    signed_at = sign_by_roll(ports, str(petition_id), voter, signature, region)
    return jsonify({"signed_at": codec.encode_time(signed_at)}), 201


@blueprint.get("/credentials/<voter>")
def standing(petition_id: object, voter: str) -> ResponseReturnValue:
    """Say whether a credential's signature stands, and where: {"stands", "index"}; index −1 while it is not logged."""
    found = _signature(str(petition_id), voter)
    if found is None:
        return jsonify({"stands": False, "index": -1})
    with current_ports().database.reading() as session:
        index = session.scalar(entry_of(found.id))
    return jsonify({"stands": True, "index": -1 if index is None else index})


@blueprint.get("/credentials/<voter>/receipt.json")
def receipt(petition_id: object, voter: str) -> ResponseReturnValue:
    """Hand out the receipt of a credential's signature; it holds nothing that the log does not."""
    found = _signature(str(petition_id), voter)
    if found is None:
        raise Missing("No signature of this credential stands here.")
    ports = current_ports()
    with ports.database.reading() as session:
        data = receipt_of(session, ports, found).data
    return Response(data, mimetype="application/json")


@blueprint.post("/credentials/<voter>/withdraw")
@limited(_LIMIT)
def withdraw(petition_id: object, voter: str) -> ResponseReturnValue:
    """Take {"signature"}: the credential takes its signature back."""
    (signature,) = _fields("signature")
    withdraw_by_roll(current_ports(), str(petition_id), voter, signature)
    return jsonify({"stands": False})


@blueprint.errorhandler(ParticipationError)
def refuse(error: ParticipationError) -> ResponseReturnValue:
    """Answer programs with {"error", "message"}; pages are left to the host."""
    if request.endpoint == "signatures_by_roll.page":
        raise error
    return jsonify({"error": error.code, "message": current_ports().say(error)}), error.status


def _signature(petition_id: str, voter: str) -> Signature | None:
    try:
        key = codec.decode_bytes(voter, 32)
    except EncodingError:
        raise Unacceptable("This is no credential's key.") from None
    with current_ports().database.reading() as session:
        query = select(Signature).join(Standing, Standing.signature_id == Signature.id)
        found = session.scalar(query.where(Standing.petition_id == petition_id, Standing.person == key))
        if found is not None:
            session.expunge(found)
        return found


def _fields(*names: str) -> list[str]:
    value: Any = request.get_json(silent=True)
    if not isinstance(value, dict) or set(value) != set(names) or not all(type(one) is str for one in value.values()):
        raise Unacceptable("What was sent cannot be read. Reload the page and try again.")
    return [value[name] for name in names]


def _words() -> dict[str, str]:
    return {
        "sign": gettext("This code holds a character that no code has: %(sign)s"),
        "length": gettext("A code has 22 characters. Please type all of it."),
        "check": gettext("A character of the code is wrong. Please compare it with your letter."),
        "working": gettext("Signing …"),
        "text": gettext("The petition's text is not the one that would be signed. Nothing was signed; tell the site."),
        "signed": gettext("You have signed. Your signature goes onto the public log within seconds."),
        "already": gettext("You have already signed with this code. One person, one signature."),
        "withdrawn": gettext("Your signature is taken back."),
        "none": gettext("No signature of this code stands here."),
        "waiting": gettext("Your signature is not on the log yet. Please try again in a few seconds."),
        "failed": gettext("The site could not be reached. Please try again."),
    }


def _free_of_tokens(exempt: object) -> None:
    assert callable(exempt)
    for view in (sign, withdraw):  # a credential signs what it wants; no session is asked
        exempt(view)


blueprint.record_once(lambda state: _free_of_tokens(state.app.extensions["csrf"].exempt))
