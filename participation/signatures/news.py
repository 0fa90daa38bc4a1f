"""Ending the mails about a petition, by a link of its own that is in each of them.

It can do nothing else: who gets such a mail passed on cannot take the signature back with it.
"""

import hmac

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import update

from participation.errors import LinkExpired
from participation.guards import limited
from participation.ports import Ports, current_ports
from participation.signatures.logs import load_signing
from participation.signatures.models import Signature
from participation.signatures.sealing import keyed_hash

blueprint = Blueprint("signature_news", __name__, url_prefix="/petitions/<uuid:petition_id>/no-news")
LEAVING = "60 per minute"
_TOKEN_LENGTH = 32
"""Characters of hexadecimal: 128 bits."""


@blueprint.route("/<int:number>/<token>", methods=["GET", "POST"])
@limited(LEAVING)
def leave(petition_id: object, number: int, token: str) -> ResponseReturnValue:
    """Show a button, so that who only looks at links ends nothing; end the mails when it or a mail program posts."""
    ports, done = current_ports(), request.method == "POST"
    _check_token(ports, str(petition_id), number, token)
    signing = load_signing(ports, str(petition_id))
    if done:
        end_news(ports, signing.petition_id, number)
    return render_template("participation/signatures/no_news.html", signing=signing, done=done)


def end_news(ports: Ports, petition_id: str, number: int) -> None:
    """Send a signer no more mail about a petition; the signature stays, and doing it again changes nothing."""
    with ports.database.writing() as session:
        own = (Signature.id == number, Signature.petition_id == petition_id)
        session.execute(update(Signature).where(*own).values(news=False))


def leave_address(ports: Ports, petition_id: str, number: int) -> str:
    """Return the address of the page for one signer, within the site."""
    return url_for(
        "signature_news.leave", petition_id=petition_id, number=number, token=token_of(ports, petition_id, number)
    )


def token_of(ports: Ports, petition_id: str, number: int) -> str:
    """Return what proves that an address came out of a mail to this signer."""
    return keyed_hash(ports, "no news", f"{petition_id} {number}").hex()[:_TOKEN_LENGTH]


def _check_token(ports: Ports, petition_id: str, number: int, token: str) -> None:
    if not hmac.compare_digest(token_of(ports, petition_id, number).encode(), token.encode()):
        raise LinkExpired("This link is not known. It may be cut off: copy the whole of it.")


def _free_of_tokens(exempt: object) -> None:
    """Let mail programs post: they have no session, and what is done is in the power of who holds the link alone."""
    assert callable(exempt)
    exempt(leave)


blueprint.record_once(lambda state: _free_of_tokens(state.app.extensions["csrf"].exempt))
