"""Asking to sign by mail: a signed request is stored and a link is mailed. Whatever happens looks the same outside."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext
from sqlalchemy.orm import Session

from ballots import codec
from participation.errors import NotNow
from participation.petitions.life import may_sign
from participation.ports import Ports
from participation.signatures.logs import Signing, load_signing
from participation.signatures.quick import ADD_REQUEST, BEFORE_ASKING, IN_MAILBOX, MAILED, RECENT, STANDS
from participation.signatures.sealing import keyed_hash, seal
from participation.signatures.statements import (
    MAIL,
    SALT_BYTES,
    TOKEN_BYTES,
    Nullifiers,
    Opening,
    hash_token,
    nullifiers,
    sign_request,
)
from participation.signatures.statements import Request as SignedRequest
from participation.text import canonical_mail, search_key

MINUTE, FIVE_MINUTES = timedelta(minutes=1), timedelta(minutes=5)


@dataclass(frozen=True)
class Signer:
    """What somebody wrote into the form, in its normal form.

    Attributes:
        show_name: The name may be shown to everybody.
        news: Mail about what becomes of the petition is wanted.
        language: In which mails are written.
    """

    name: str
    mail: str
    region: str
    postcode: str
    show_name: bool = False
    news: bool = False
    language: str = "en"


@dataclass(frozen=True)
class Identity:
    """Who signs: the subject, and the keyed hashes by which nobody signs twice."""

    subject: str
    nullifiers: Nullifiers
    place: bytes

    @property
    def mailbox(self) -> bytes:
        """The mailbox's nullifier, 32 bytes."""
        return codec.decode_bytes(self.nullifiers.mailbox, 32)

    @property
    def person(self) -> bytes:
        """The person's nullifier, 32 bytes."""
        return codec.decode_bytes(self.nullifiers.person, 32)


def token_of(secret: bytes) -> bytes:
    """Return the token that a link's secret confirms with; the token is published, the secret is not."""
    return codec.digest("petition-token", {"secret": codec.encode_bytes(secret)})


def hash_link(secret: bytes) -> bytes:
    """Return the hash under which a link is known."""
    return hashlib.sha256(secret).digest()


def identify(ports: Ports, signing: Signing, signer: Signer, subject: str = "") -> Identity:
    """Work out who a signer is.

    Args:
        ports: The host's parts.
        signing: The petition.
        signer: What was written; the mail address may be empty if a subject is given.
        subject: Of another method than mail.
    """
    mailbox = canonical_mail(signer.mail) if signer.mail else subject
    name = "" if subject else search_key(signer.name)  # an account is one person, whatever the name
    subject = subject or f"mail:{mailbox}"
    made = nullifiers(signing.key, subject, name, mailbox)
    return Identity(subject, made, keyed_hash(ports, "place", f"{signing.petition_id} {signer.postcode}"))


def is_free(session: Session, signing: Signing, identity: Identity) -> int:
    """Return the slot of a mailbox that this person can take, or 0: they signed, or the mailbox is used up.

    A second person signs from one mailbox only under another name and from the same postcode.
    """
    wanted = {"petition": signing.petition_id, "mailbox": identity.mailbox}
    return free_slot(signing, identity, session.connection().execute(IN_MAILBOX, wanted).all())


def free_slot(signing: Signing, identity: Identity, rows: Iterable[Sequence[Any]]) -> int:
    """Return the same, given (person, place, slot) of who stands in the mailbox."""
    rows = list(rows)
    if any(person == identity.person or place != identity.place for person, place, _ in rows):
        return 0
    taken = {slot for _, _, slot in rows}
    return next((slot for slot in range(1, signing.per_mailbox + 1) if slot not in taken), 0)


def ask(ports: Ports, petition_id: str, signer: Signer, sender: str) -> None:
    """Take a signature by mail as asked for, and mail the link; or word that this person has signed already.

    Args:
        ports: The host's parts.
        petition_id: Of an open petition.
        signer: Checked and in normal form.
        sender: The network address, which is kept only as a keyed hash.

    Raises:
        Missing: There is no such petition.
        NotNow: It is not open, or does not take signatures by mail.
    """
    signing, now = load_signing(ports, petition_id), ports.now()
    if not may_sign(signing.life, now) or MAIL not in signing.document.methods or not signing.key:
        raise NotNow("This petition takes no more signatures.")
    identity = identify(ports, signing, signer)
    secret = ports.random_bytes(TOKEN_BYTES)
    row = make_request(ports, signing, signer, identity, MAIL, secret, now)
    row["sender"] = keyed_hash(ports, "sender", sender)
    with ports.database.writing() as session:
        wanted = {"petition": petition_id, "mailbox": identity.mailbox, "sender": row["sender"]}
        wanted |= {"minute": now - MINUTE, "five_minutes": now - FIVE_MINUTES}
        known = session.connection().execute(BEFORE_ASKING, wanted).all()
        if not _may_mail(ports, identity, [person for what, person, _, _ in known if what == MAILED]):
            return
        standing = [(person, place, slot) for what, person, place, slot in known if what == STANDS]
        row["notice"] = not free_slot(signing, identity, standing)
        row["held"] = _comes_too_fast(ports, [number for what, _, _, number in known if what == RECENT])
        session.connection().execute(ADD_REQUEST, row)
        _mail(session, ports, signing, signer, secret, notice=bool(row["notice"]))


def make_request(
    ports: Ports, signing: Signing, signer: Signer, identity: Identity, method: str, secret: bytes, now: datetime
) -> dict[str, object]:
    """Return a request as a row: committed to, signed by the board, personal data sealed."""
    now = max(now, signing.document.opens_at)  # the clock may have run back since the opening
    salt = codec.encode_bytes(ports.random_bytes(SALT_BYTES))
    opening = Opening(salt, identity.subject, signer.name, signer.region)
    request = SignedRequest(method, opening.commitment(), identity.nullifiers, hash_token(token_of(secret)), now)
    signature = sign_request(ports.log_key, signing.hash, request)
    sealed = {
        "opening": opening.as_json(),
        "mail": signer.mail,
        "language": signer.language,
        "show_name": signer.show_name,
        "news": signer.news,
        "secret": codec.encode_bytes(secret),
        "place": codec.encode_bytes(identity.place),
    }
    return {
        "petition_id": signing.petition_id,
        "link_hash": hash_link(secret),
        "mailbox": identity.mailbox,
        "person": identity.person,
        "place": identity.place,
        "data": codec.encode_canonical({**request.statement(signing.hash), "signature": signature}),
        "sealed": seal(ports, sealed),
        "requested_at": now,
        "sender": None,
        "held": False,
        "notice": False,
    }


def _may_mail(ports: Ports, identity: Identity, had: Sequence[bytes]) -> bool:
    """Tell whether this person and this mailbox have had fewer mails than are allowed."""
    rules = ports.rules.signatures
    return had.count(identity.person) < rules.mails and len(had) < rules.mails * rules.per_mailbox


def _comes_too_fast(ports: Ports, recent: Sequence[int]) -> bool:
    """Tell whether too many came from a network address; 1 for each of the last minute, 0 for those before."""
    rules = ports.rules.signatures
    return sum(recent) >= rules.in_minute or len(recent) >= rules.in_five_minutes


def _mail(session: Session, ports: Ports, signing: Signing, signer: Signer, secret: bytes, *, notice: bool) -> None:
    assert signing.life.closes_at is not None
    with ports.speaking(signer.language):
        if notice:
            subject = gettext("You have already signed: %(title)s", title=signing.title)
            text = gettext(
                "Somebody, probably you, asked to sign this petition again:\n\n"
                "%(title)s\n\n"
                "It is signed already in your name or from your mail address, so nothing was changed and there is "
                "nothing to do.",
                title=signing.title,
            )
            ports.put_mail(session, signer.mail, subject, text, timedelta(days=1))
            return
        until = signing.life.closes_at + signing.document.grace
        link = ports.link(
            "signatures.link", signer.language, petition_id=signing.petition_id, secret=codec.encode_bytes(secret)
        )
        subject = gettext("Confirm your signature: %(title)s", title=signing.title)
        text = gettext(
            "Hello %(name)s,\n\n"
            "you are one click away from signing:\n\n"
            "%(title)s\n\n"
            "Open this page and press the button:\n%(link)s\n\n"
            "The link works until %(until)s. Keep this mail: by the same link you get your receipt, see that you are "
            "counted, and can take your signature back.\n\n"
            "If you did not ask for this, do nothing. Nobody signs without the button.",
            name=signer.name,
            title=signing.title,
            link=link,
            until=ports.write_time(until),
        )
        ports.put_mail(session, signer.mail, subject, text, max(until - ports.now(), timedelta(hours=1)))
