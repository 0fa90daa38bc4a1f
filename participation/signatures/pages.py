"""Signing by mail: the form, the page behind the mailed link, taking back, the receipt."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ballots import codec
from ballots.errors import EncodingError
from participation.errors import LinkExpired
from participation.pagecache import kept, kept_for
from participation.petitions.life import may_sign
from participation.ports import current_ports
from participation.signatures.asking import ask
from participation.signatures.confirming import Link, confirm, read_link, withdraw
from participation.signatures.forms import SignForm, reason_names
from participation.signatures.logs import Signing, load_signing
from participation.signatures.models import HELD
from participation.signatures.news import leave_address
from participation.signatures.receipts import receipt_of
from participation.signatures.statements import MAIL, OIDC, ROLL

blueprint = Blueprint("signatures", __name__, url_prefix="/petitions/<uuid:petition_id>")
KEPT_SECONDS = 10


@blueprint.get("/sign")
@kept(KEPT_SECONDS)
def sign(petition_id: object) -> ResponseReturnValue:
    """Show how this petition can be signed."""
    return _form(load_signing(current_ports(), str(petition_id)), SignForm(formdata=None))


@blueprint.post("/sign")
def ask_to_sign(petition_id: object) -> ResponseReturnValue:
    """Take what was written, and send the mail. Whoever asks learns nothing about anybody."""
    ports, form = current_ports(), SignForm()
    signing = load_signing(ports, str(petition_id))
    if not form.validate():
        return _form(signing, form), 422
    ask(ports, signing.petition_id, form.signer(ports.language()), request.remote_addr or "")
    return redirect(url_for("signatures.asked", petition_id=petition_id), 303)


@blueprint.get("/sign/asked")
@kept(KEPT_SECONDS)
def asked(petition_id: object) -> ResponseReturnValue:
    """Say what to do next. The page is the same for everybody."""
    signing = load_signing(current_ports(), str(petition_id))
    return render_template("participation/signatures/asked.html", signing=signing, until=_until(signing))


@blueprint.get("/sign/<secret>")
def link(petition_id: object, secret: str) -> ResponseReturnValue:
    """Show the page behind a mailed link. It changes nothing: scanners and previews open links."""
    ports = current_ports()
    found = read_link(ports, str(petition_id), _secret(secret))
    signing = load_signing(ports, str(petition_id))
    if found.signature is not None:
        return _link_page(signing, found, secret)
    name = f"link {signing.petition_id} {found.state}"
    return kept_for(KEPT_SECONDS, name, secret, lambda: _link_page(signing, found, secret))


@blueprint.post("/sign/<secret>")
def confirm_link(petition_id: object, secret: str) -> ResponseReturnValue:
    """Sign: the button was pressed. A second press changes nothing."""
    ports = current_ports()
    found = confirm(ports, str(petition_id), _secret(secret))
    signing = load_signing(ports, str(petition_id))

    def page() -> str:
        return render_template("participation/signatures/signed.html", signing=signing, link=found, secret=secret)

    return kept_for(KEPT_SECONDS, f"signed {signing.petition_id} {found.state}", secret, page)


@blueprint.post("/sign/<secret>/withdraw")
def withdraw_link(petition_id: object, secret: str) -> ResponseReturnValue:
    """Take the signature back."""
    withdraw(current_ports(), str(petition_id), _secret(secret))
    return redirect(url_for("signatures.withdrawn", petition_id=petition_id, secret=secret), 303)


@blueprint.get("/sign/<secret>/withdrawn")
def withdrawn(petition_id: object, secret: str) -> ResponseReturnValue:
    """Say that it is taken back, and where that will stand."""
    signing = load_signing(current_ports(), str(petition_id))
    return render_template("participation/signatures/withdrawn.html", signing=signing, secret=secret)


@blueprint.get("/sign/<secret>/receipt.json")
def receipt(petition_id: object, secret: str) -> ResponseReturnValue:
    """Hand out the receipt's file."""
    ports = current_ports()
    found = read_link(ports, str(petition_id), _secret(secret))
    if found.signature is None:
        raise LinkExpired("There is no receipt: this signature was not confirmed.")
    with ports.database.reading() as session:
        data = receipt_of(session, ports, found.signature).data
    if not data:
        raise LinkExpired("There is no receipt yet. Please come back later, by the same link.")
    response = Response(data, mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="signature-receipt.json"'
    return response


def _form(signing: Signing, form: SignForm) -> str:
    ports = current_ports()
    open_now = may_sign(signing.life, ports.now())
    return render_template(
        "participation/signatures/sign.html",
        signing=signing,
        form=form.labelled(),
        open_now=open_now,
        by_mail=MAIL in signing.document.methods,
        by_roll=ROLL in signing.document.methods,
        by_oidc=OIDC in signing.document.methods,
    )


def _link_page(signing: Signing, found: Link, secret: str) -> str:
    ports = current_ports()
    receipt, no_news = None, ""
    if found.signature is not None:
        with ports.database.reading() as session:
            receipt = receipt_of(session, ports, found.signature)
        if found.signature.news and found.state == "signed":
            no_news = leave_address(ports, signing.petition_id, found.signature.id)
    return render_template(
        "participation/signatures/link.html",
        signing=signing,
        link=found,
        receipt=receipt,
        secret=secret,
        until=_until(signing),
        reasons=reason_names(),
        no_news=no_news,
        held=HELD,
    )


def _until(signing: Signing) -> str:
    assert signing.life.closes_at is not None
    return current_ports().write_time(signing.life.closes_at + signing.document.grace)


def _secret(text: str) -> bytes:
    try:
        return codec.decode_bytes(text, 32)
    except EncodingError:
        raise LinkExpired(
            "This link is not known. It may be cut off: copy the whole of it. If it is old, its signature was never "
            "confirmed and is erased."
        ) from None


def free_of_tokens(exempt: object) -> None:
    """Take these pages out of the check against requests from other sites, with the host's own exemption.

    What they do is in the power of who holds a link's secret or a credential, and of nobody's session; asking by mail
    can be done by anybody anyway.
    """
    assert callable(exempt)
    for view in (ask_to_sign, confirm_link, withdraw_link):
        exempt(view)


blueprint.record_once(lambda state: free_of_tokens(state.app.extensions["csrf"].exempt))
