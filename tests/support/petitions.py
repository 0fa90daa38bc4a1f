"""Petitions brought to any state, through the site's own pages where people act."""

import re
from html import unescape

from sqlalchemy import select

from participation.petitions.checking import Act, Decision, decide
from participation.petitions.models import Petition
from participation.petitions.queries import PetitionView, find_petition
from participation.petitions.timekeeping import notice_count
from tests.support.participation import Town, Visitor, path_of

TEXT = {
    "title": "Build a bridge over the river at the mill",
    "background": "The town should build a footbridge at the mill.",
    "details": "The way to school is two kilometres longer without it.",
}
PERSIAN = {
    "title": "روی رودخانه کنار آسیاب پل بسازید",
    "background": "شهرداری کنار آسیاب یک پل پیاده بسازد.",
    "details": "راه مدرسه بدون آن دو کیلومتر درازتر است.",
}
CREATOR = "creator@example.org"


class Moderator:
    """An official as use cases know one."""

    def __init__(self, name: str = "Moderator One", *permissions: str) -> None:
        self.official_id, self.name = 1, name
        self._permissions = permissions or ("moderate", "answer")

    def may(self, permission: str) -> bool:
        return permission in self._permissions


def write(visitor: Visitor, text: dict[str, str] = TEXT, name: str = "Alex Doe", mail: str = CREATOR) -> None:
    """Go through the steps as far as the mail with the link."""
    visitor.submit("/en/petitions/new/title", title=text["title"])
    visitor.submit("/en/petitions/new/text", background=text["background"], details=text["details"])
    visitor.submit("/en/petitions/new/you", name=name, mail=mail)
    assert visitor.submit("/en/petitions/new/check").endswith("/petitions/new/sent")


def collecting(
    town: Town, text: dict[str, str] = TEXT, mail: str = CREATOR, name: str = "Alex Doe"
) -> tuple[str, Visitor]:
    """Return a petition that looks for supporters, and its creator's browser."""
    town.clock.forward(seconds=1)  # `newest` tells by the time
    visitor = town.visitor()
    write(visitor, text, name, mail)
    visitor.submit(town.link_to(mail, "/confirm/"))
    return newest(town), visitor


def newest(town: Town) -> str:
    with town.services.database.reading() as session:
        found = session.scalars(select(Petition.id).order_by(Petition.created_at.desc(), Petition.changed_at.desc()))
        return str(found.first())


def invitation(town: Town, creator: Visitor) -> str:
    """Return the link for supporters, as the creator's page shows it."""
    found = re.search(r"<pre[^>]*>([^<]+)</pre>", creator.get("/en/petitions/mine"))
    assert found is not None
    return path_of(unescape(found[1]))


def support(town: Town, link: str, number: int) -> None:
    """Support a petition by a link, and confirm it."""
    visitor, mail = town.visitor(), f"supporter{number}@example.org"
    visitor.submit(link, name=f"Supporter {'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[number]}", mail=mail)
    visitor.submit(town.link_to(mail, "/confirm/"))


def moderation(town: Town, text: dict[str, str] = TEXT, mail: str = CREATOR) -> tuple[str, Visitor]:
    """Return a petition that waits for the moderators."""
    petition_id, creator = collecting(town, text, mail)
    link = invitation(town, creator)
    for number in range(town.ports.rules.petitions.supporters):
        support(town, link, number)
    return petition_id, creator


def act(
    town: Town, petition_id: str, what: Act, reason: str = "", note: str = "", authority_id: int | None = None
) -> PetitionView:
    """Decide as a moderator does."""
    with town.app.test_request_context("/"):
        decision = Decision(what, view(town, petition_id).revision, reason, note, authority_id=authority_id)
        return decide(town.ports, Moderator(), petition_id, decision)


def opened(town: Town, text: dict[str, str] = TEXT, mail: str = CREATOR) -> tuple[str, Visitor]:
    """Return an open petition."""
    petition_id, creator = moderation(town, text, mail)
    act(town, petition_id, Act.APPROVE)
    return petition_id, creator


def view(town: Town, petition_id: str) -> PetitionView:
    with town.services.database.reading() as session:
        found = find_petition(session, petition_id)
    assert found is not None
    return found


def counted(town: Town, petition_id: str, confirmed: int) -> None:
    """Let the counter have counted so many signatures."""
    with town.app.app_context():
        notice_count(town.ports, petition_id, confirmed)
