"""Signing with an account of the site's identity provider, which vouches for the person."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from ballots import codec
from participation.errors import Missing, NotNow
from participation.guards import limited
from participation.petitions.life import may_sign
from participation.ports import Account, Ports, current_ports
from participation.signatures.asking import Signer, identify, is_free, make_request
from participation.signatures.confirming import confirm
from participation.signatures.forms import AccountForm
from participation.signatures.logs import Signing, load_signing
from participation.signatures.quick import ADD_REQUEST
from participation.signatures.statements import OIDC, TOKEN_BYTES

blueprint = Blueprint("signatures_by_account", __name__, url_prefix="/petitions/<uuid:petition_id>/sign-with-account")


@blueprint.get("/")
def page(petition_id: object) -> ResponseReturnValue:
    """Show the way to the provider, or the form for whoever came back from there."""
    ports = current_ports()
    signing = _signing(ports, petition_id)
    account = ports.accounts.account()
    form = None if account is None else AccountForm(data={"name": account.name})
    return _page(ports, signing, form)


@blueprint.get("/leave")
@limited("30 per minute", ("GET",))
def leave(petition_id: object) -> ResponseReturnValue:
    """Send the browser to the provider. A link, not a form: a page's policy lets no form lead to another site."""
    ports = current_ports()
    _signing(ports, petition_id)
    return ports.accounts.leave(url_for("signatures_by_account.page", petition_id=petition_id))


@blueprint.post("/")
def sign(petition_id: object) -> ResponseReturnValue:
    """Sign: the provider has vouched, and the form says the rest."""
    ports = current_ports()
    signing, account = _signing(ports, petition_id), ports.accounts.account()
    if account is None:
        return redirect(url_for("signatures_by_account.page", petition_id=petition_id), 303)
    form = AccountForm()
    if not form.validate_on_submit():
        return _page(ports, signing, form), 422
    secret = sign_by_account(ports, signing, account, form.signer(ports.language(), account.mail))
    ports.accounts.forget()
    if not secret:
        return render_template("participation/signatures/twice.html", signing=signing)
    return redirect(url_for("signatures.link", petition_id=petition_id, secret=codec.encode_bytes(secret)), 303)


def sign_by_account(ports: Ports, signing: Signing, account: Account, signer: Signer) -> bytes:
    """Make and confirm a signature in one go; returns its link's secret, or nothing if this person has signed.

    Raises:
        NotNow: The petition is not open.
    """
    if not may_sign(signing.life, ports.now()) or not signing.key:
        raise NotNow("This petition takes no more signatures.")
    identity = identify(ports, signing, signer, f"oidc:{account.issuer} {account.subject}")
    secret = ports.random_bytes(TOKEN_BYTES)
    row = make_request(ports, signing, signer, identity, OIDC, secret, ports.now())
    try:
        with ports.database.writing() as session:
            if not is_free(session, signing, identity):
                return b""
            session.connection().execute(ADD_REQUEST, row)
        return secret if confirm(ports, signing.petition_id, secret).state == "signed" else b""
    except IntegrityError:
        return b""


def _signing(ports: Ports, petition_id: object) -> Signing:
    signing = load_signing(ports, str(petition_id))
    if OIDC not in signing.document.methods or not ports.accounts.name():
        raise Missing("This petition is not signed with accounts.")
    return signing


def _page(ports: Ports, signing: Signing, form: AccountForm | None) -> str:
    return render_template(
        "participation/signatures/by_account.html",
        signing=signing,
        form=None if form is None else form.labelled(),
        open_now=may_sign(signing.life, ports.now()),
        provider=ports.accounts.name(),
        problem=ports.accounts.problem(),
    )
