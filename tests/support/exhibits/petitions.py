"""Petitions: one in each state, a creator who writes one, and the moderators' desk."""

from sqlalchemy import select

from evote.simulation.petitions import make_examples
from participation.petitions.models import Petition
from participation.ports import EXTENSION
from tests.support.exhibition import Exhibition, Pages, seen, wrong
from tests.support.participation import Town, Visitor
from tests.support.petitions import PERSIAN, TEXT, collecting, invitation, write

_STATES = ("open", "answered", "debated", "closed", "rejected", "waiting", "stopped")
_DESK = "/admin/participation/petitions/"


def _each(rest: str = "", before: str = "/petitions/") -> tuple[str, ...]:
    return tuple(f"{before}{{petition{number}}}{rest}" for number in range(len(_STATES)))


def _first(rest: str = "", before: str = "/petitions/") -> str:
    return _each(rest, before)[0]


PAGES: Pages = {
    "petitions.index": seen("/petitions/", "/petitions/?q=ZZZZZ"),
    "petitions.petition": seen(*_each()[:5], _each()[6]),
    "petitions.ask_to_manage": seen(_first("/manage")),
    "petitions.asked": seen("/petitions/asked"),
    "petitions.mine": seen("/petitions/mine", by="creator"),
    "petitions.begin": seen("/petitions/new"),
    "petitions.write_title": seen("/petitions/new/title", by="writer"),
    "petitions.similar": seen("/petitions/new/similar", by="writer"),
    "petitions.write_text": seen("/petitions/new/text", by="writer"),
    "petitions.write_person": seen("/petitions/new/you", by="writer"),
    "petitions.check": seen("/petitions/new/check", by="writer"),
    "petitions.sent": seen("/petitions/new/sent", by="author"),
    "petitions.support": seen("{invitation}"),
    "petitions.supported": seen("/petitions/supported"),
    "petition_count.page": seen(_first("/count")),
    "petition_count.regions": seen(_first("/regions")),
    "petition_count.signers": seen(_first("/signers")),
    "signatures.sign": seen(_first("/sign")),
    "signatures.asked": seen(_first("/sign/asked")),
    "petition_desk.queue": seen(_DESK, by="official"),
    "petition_desk.everything": seen(_DESK + "all", by="official"),
    "petition_desk.outages": seen(_DESK + "outages", by="official"),
    "petition_desk.look": seen(*_each(before=_DESK), by="official"),
    "petition_desk.answer": seen(_each("/answer", _DESK)[2], by="official"),
    "petition_desk.debate": seen(_each("/debate", _DESK)[2], by="official"),
    "signature_desk.page": seen(_first("/signatures/", _DESK), by="official"),
    "petition_desk.news": seen(_first("/news", _DESK), by="official"),
}
WRONG = (
    wrong("/petitions/new/title", by="writer", title=""),
    wrong("/petitions/new/you", by="writer", name="", mail="no address"),
)
NOT_PAGES = {
    "signatures_by_account.page": "only where there is an identity provider; the form of a signature",
    "signatures_by_account.leave": "after a signature with an account",
    "petitions.confirm": "opened from a mail; its page is the same form as that of a signature",
    "petitions.index_json": "programs",
    "petitions.manage_link": "opened from a mail; a button that leads to petitions.mine",
    "petitions.petition_json_page": "programs",
    "petition_count.file": "files of the record",
    "signatures.link": "opened from a mail",
    "signature_news.leave": "opened from a mail",
    "signatures.receipt": "a file",
    "signatures.withdrawn": "after a link from a mail",
    "signatures_by_roll.page": "only where a petition is signed with codes of a roll",
    "signatures_by_roll.receipt": "a file",
    "signatures_by_roll.standing": "the script of signing with a code",
}


def hang(made: Exhibition) -> None:
    """Make the demonstration's petitions, and two that are being written."""
    ports = made.app.extensions[EXTENSION]
    with made.app.test_request_context("/"):
        make_examples(ports)
    with made.services.database.reading() as session:
        ids = session.scalars(select(Petition.id).order_by(Petition.creator_mail)).all()
    made.names |= {f"petition{number}": str(one) for number, one in enumerate(ids)}
    town = Town(made.app, made.services, made.clock)
    _, creator = collecting(town, PERSIAN)
    made.names["invitation"] = invitation(town, creator).removeprefix("/en").removeprefix("/fa")
    writer = Visitor(made.app)
    writer.submit("/en/petitions/new/title", title=TEXT["title"])
    writer.submit("/en/petitions/new/text", background=TEXT["background"], details=TEXT["details"])
    writer.submit("/en/petitions/new/you", name="Alex Doe", mail="writer@example.org")
    author = Visitor(made.app)
    write(author, TEXT, mail="author@example.org")
    made.visitors |= {"author": author.client, "creator": creator.client, "writer": writer.client}
