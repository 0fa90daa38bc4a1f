"""A petition's creator and supporters sign it when it opens: their addresses were confirmed, so nobody asks them again.

Each goes through the signatures' own way, with a request and its confirmation, and gets the link by which it is taken
back. Cut off anywhere, it goes on where it was: who has signed is not signed for twice.
"""

from datetime import timedelta

from flask_babel import gettext
from sqlalchemy import exists, insert, select

from ballots import codec
from participation.petitions.history import CLOCK, change, lock_petition
from participation.petitions.life import State
from participation.petitions.models import Petition, PetitionStep, PetitionSupporter
from participation.petitions.queries import life_of
from participation.ports import Ports
from participation.signatures.asking import Signer, identify, is_free, make_request
from participation.signatures.confirming import confirm
from participation.signatures.logs import load_signing
from participation.signatures.models import Request
from participation.signatures.statements import MAIL, TOKEN_BYTES

DONE = "first-signatures"
_LIFETIME = timedelta(days=3)


def sign_first(ports: Ports) -> int:
    """Let creators and supporters of newly opened petitions sign; returns how many did."""
    with ports.database.reading() as session:
        done = exists().where(PetitionStep.petition_id == Petition.id, PetitionStep.what == DONE)
        due = session.scalars(select(Petition.id).where(Petition.state == State.OPEN, ~done)).all()
    return sum(_sign_all(ports, petition_id) for petition_id in due)


def _sign_all(ports: Ports, petition_id: str) -> int:
    with ports.database.reading() as session:
        row = session.get_one(Petition, petition_id)
        takes = MAIL in row.signing.split()
        creator = Signer(row.creator_name, row.creator_mail, "", "", show_name=True, news=True, language=row.language)
        of = (PetitionSupporter.petition_id == petition_id, PetitionSupporter.confirmed_at.is_not(None))
        rows = session.scalars(select(PetitionSupporter).where(*of, ~PetitionSupporter.signed)).all()
        people = [(one.id, Signer(one.name, one.mail, "", "", news=True, language=one.language)) for one in rows]
    signed = 0
    for number, signer in [(0, creator), *people]:
        if takes and signer.mail:
            signed += _sign(ports, petition_id, signer)
        if number:
            with ports.database.writing() as session:
                session.get_one(PetitionSupporter, number).signed = True
    with ports.database.writing() as session:
        row = lock_petition(session, petition_id)
        change(session, row, life_of(row), CLOCK, DONE, ports.now(), public=False)
    return signed


def _sign(ports: Ports, petition_id: str, signer: Signer) -> bool:
    signing, secret = load_signing(ports, petition_id), ports.random_bytes(TOKEN_BYTES)
    identity = identify(ports, signing, signer)
    request = make_request(ports, signing, signer, identity, MAIL, secret, ports.now())
    with ports.database.writing() as session:
        if not is_free(session, signing, identity):
            return False
        session.execute(insert(Request), [request])
        with ports.speaking(signer.language):
            text = gettext(
                "The petition “%(title)s” is open, and your support counts as a signature. "
                "Here you find its receipt, and can take it back:\n\n%(link)s",
                title=signing.title,
                link=ports.link(
                    "signatures.link", signer.language, petition_id=petition_id, secret=codec.encode_bytes(secret)
                ),
            )
            ports.put_mail(session, signer.mail, gettext("Your signature"), text + "\n", _LIFETIME)
    confirm(ports, petition_id, secret)
    return True
