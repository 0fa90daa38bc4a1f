"""News as Atom and RSS: petitions that opened or were answered, consultations, promises. Made with feedgen."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.answers.models import Promise
from participation.consultations.kinds import ConsultationState
from participation.consultations.models import Consultation
from participation.petitions.life import State
from participation.petitions.models import Petition, PetitionAnswer
from participation.ports import Ports

MOST = 50


@dataclass(frozen=True)
class Item:
    """One piece of news; `key` never changes; `language` is empty where it concerns everybody."""

    key: str
    title: str
    text: str
    path: str
    at: datetime
    language: str = ""


def list_news(session: Session, most: int = MOST) -> list[Item]:
    """Return the newest news, newest first, and no more than `most`."""
    opened = select(Petition).where(Petition.state.in_((State.OPEN, State.CLOSED)), Petition.opened_at.is_not(None))
    news = [
        Item(
            f"petition/{one.id}",
            gettext("New petition: %(title)s", title=one.title),
            one.background,
            f"/petitions/{one.id}",
            at,
            one.language,
        )
        for one in session.scalars(opened.order_by(Petition.opened_at.desc()).limit(most))
        if (at := one.opened_at) is not None
    ]
    answers = select(PetitionAnswer, Petition).join(Petition, Petition.id == PetitionAnswer.petition_id)
    answers = answers.where(Petition.state.in_((State.OPEN, State.CLOSED, State.STOPPED)))
    news += [
        Item(
            f"answer/{answer.id}",
            gettext("Answered: %(title)s", title=petition.title),
            answer.text,
            f"/petitions/{petition.id}",
            answer.time,
            petition.language,
        )
        for answer, petition in session.execute(answers.order_by(PetitionAnswer.id.desc()).limit(most))
    ]
    published = select(Consultation).where(Consultation.state != ConsultationState.DRAFT)
    for one in session.scalars(published.order_by(Consultation.published_at.desc()).limit(most)):
        path = f"/consultations/{one.id}"
        if one.published_at is not None:
            title = gettext("New consultation: %(title)s", title=one.title)
            news.append(Item(f"consultation/{one.id}", title, one.summary, path, one.published_at, one.language))
        if one.reported_at is not None:
            title = gettext("You said, we did: %(title)s", title=one.title)
            news.append(Item(f"report/{one.id}", title, one.report, path, one.reported_at, one.language))
    promises = select(Promise).order_by(Promise.id.desc()).limit(most)
    for promise in session.scalars(promises):
        title = gettext("Promise: %(title)s", title=promise.title)
        news.append(Item(f"promise/{promise.id}", title, promise.text, f"/promises/{promise.id}", promise.entered_at))
    return sorted(news, key=lambda item: (item.at, item.key), reverse=True)[:most]


def write_feed(ports: Ports, items: list[Item], language: str, ending: str) -> bytes:
    """Write news as a feed.

    Args:
        ports: For addresses.
        items: Newest first.
        language: Of the feed and of the pages it leads to.
        ending: `atom` or `rss`.
    """
    from feedgen.feed import FeedGenerator

    home, root = f"{ports.base_url}/{language}", f"{ports.base_url}/data/news.{language}.{ending}"
    feed = FeedGenerator()
    feed.id(root)
    feed.title(gettext("News of participation"))
    feed.description(gettext("Petitions, consultations, answers and promises"))
    feed.author(name=ports.site)
    feed.language(language)
    feed.link(href=root, rel="self")
    feed.link(href=home, rel="alternate")
    feed.updated(items[0].at if items else ports.now())
    for item in items:
        entry = feed.add_entry(order="append")
        entry.id(f"{ports.base_url}/data/{item.key}")
        entry.title(item.title)
        entry.link(href=f"{home}{item.path}")
        entry.description(item.text)
        entry.updated(item.at)
        entry.published(item.at)
    return bytes(feed.atom_str(pretty=True) if ending == "atom" else feed.rss_str(pretty=True))
