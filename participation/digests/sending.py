"""The job that mails digests: to each person at most one a period, and none when nothing happened.

A batch of mails and the moments up to which their readers know the news are stored in one transaction: cut off
anywhere, the job sends nothing twice and leaves nothing out.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext, ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.digests.models import DigestSubscription
from participation.digests.subscribing import KIND_OF_NEWS, Period, next_moment, token_of
from participation.jobs import Job
from participation.opendata.feeds import Item, list_news
from participation.people.models import Person
from participation.people.sign_in import known_mail
from participation.ports import Ports

BATCH = 100
MOST_IN_MAIL = 50
_MOST_NEWS = 1000
_LIFETIME = timedelta(days=2)
_SETTLED = timedelta(minutes=1)
"""News is mailed once it is this old: what is being stored just now may still carry an earlier moment."""


def send_digests(ports: Ports) -> int:
    """Send every digest that is due; returns how many mails were put into the outbox."""
    now, sent, news = ports.now(), 0, dict[str, Sequence[Item]]()
    while True:
        with ports.database.writing() as session:
            due = session.scalars(
                select(DigestSubscription)
                .where(DigestSubscription.next_at <= now)
                .order_by(DigestSubscription.next_at, DigestSubscription.person_id)
                .limit(BATCH)
                .with_for_update()
            ).all()
            for row in due:
                sent += _serve(session, ports, row, now, news)
        if len(due) < BATCH:
            return sent


def _serve(
    session: Session, ports: Ports, row: DigestSubscription, now: datetime, news: dict[str, Sequence[Item]]
) -> int:
    person = session.get_one(Person, row.person_id)
    until = now - _SETTLED
    with ports.speaking(person.language):
        if person.language not in news:
            news[person.language] = list_news(session, _MOST_NEWS)
        items = [one for one in news[person.language] if row.since <= one.at < until and _is_wanted(one, row, person)]
        mail = known_mail(ports, person)
        if items and mail:
            _put(session, ports, person, mail, items, row.since)
    row.since = max(row.since, until)
    row.next_at = next_moment(ports, now, Period(row.period))
    return 1 if items and mail else 0


def _is_wanted(item: Item, row: DigestSubscription, person: Person) -> bool:
    return item.language in ("", person.language) and KIND_OF_NEWS[item.key.partition("/")[0]] in row.kinds


def _put(session: Session, ports: Ports, person: Person, mail: str, items: Sequence[Item], since: datetime) -> None:
    leave = ports.link("digests.leave", person.language, person_id=person.id, token=token_of(ports, person.id))
    lines = [f"{one.title}\n{ports.base_url}/{person.language}{one.path}" for one in items[:MOST_IN_MAIL]]
    more = len(items) - len(lines)
    if more:
        lines.append(
            ngettext(
                "%(count)s more is not listed here.",
                "%(count)s more are not listed here.",
                more,
                count=ports.write_number(more),
            )
        )
    subject = ngettext(
        "%(count)s piece of news of participation",
        "%(count)s pieces of news of participation",
        len(items),
        count=ports.write_number(len(items)),
    )
    start = gettext("This happened since %(time)s:", time=ports.write_time(since))
    end = gettext(
        "You get this mail because you asked for it on your page:\n%(page)s\n\nNo more digests, without signing in:\n"
        "%(leave)s",
        page=ports.link("people.me", person.language),
        leave=leave,
    )
    ports.put_mail(session, mail, subject, "\n\n".join([start, *lines, "—", end]) + "\n", _LIFETIME, leave)


SEND = Job("digests", send_digests)
