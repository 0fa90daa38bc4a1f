"""The demo's stand-in for mailboxes."""

from flask import Response, jsonify, request

from ballots import codec
from evote.api.schemas import MailOut, OutboxOut
from evote.current import current_services
from evote.mail.outbox import demo_outbox


def outbox() -> Response:
    """Show the newest mails, all or to one address (demonstrations only)."""
    services = current_services()
    with services.database.reading() as session:
        mails = demo_outbox(session, services, request.args.get("to", ""))
    messages = [
        MailOut(to=mail.to, subject=mail.subject, text=mail.text, time=codec.encode_time(mail.time)) for mail in mails
    ]
    return jsonify(OutboxOut(messages=messages).model_dump())
