"""Mails to people about whose words, or about whom, moderators decided: why, and what can be done now."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from participation.contributions.kinds import REASONS, Reason
from participation.contributions.models import Contribution
from participation.people.models import Person
from participation.people.sign_in import known_mail
from participation.ports import Ports

_LIFETIME = timedelta(days=3)


def tell_taken_down(session: Session, ports: Ports, found: Sequence[Contribution], reason: Reason, note: str) -> None:
    """Tell authors what was taken down and why: one mail each, however much it was."""
    theirs: dict[int, list[Contribution]] = defaultdict(list)
    for one in found:
        if one.person_id is not None:
            theirs[one.person_id].append(one)
    for person_id, rows in theirs.items():
        person = session.get_one(Person, person_id)
        with ports.speaking(person.language):
            lines = [
                ngettext(
                    "A moderator took down what you wrote.",
                    "A moderator took down %(count)s texts that you wrote.",
                    len(rows),
                    count=ports.write_number(len(rows)),
                ),
                str(REASONS[reason]),
                note,
                *(_link(ports, person, one) for one in rows),
                gettext("There you can ask once that another moderator looks again."),
            ]
            _put(session, ports, person, gettext("What you wrote was taken down"), lines)


def tell_looked_again(session: Session, ports: Ports, found: Contribution, *, granted: bool, note: str) -> None:
    """Tell an author what came of the appeal."""
    if found.person_id is None:
        return
    person = session.get_one(Person, found.person_id)
    with ports.speaking(person.language):
        outcome = gettext("It is public again.") if granted else gettext("It stays taken down.")
        lines = [outcome, note, _link(ports, person, found)]
        _put(session, ports, person, gettext("Another moderator has looked again"), lines)


def tell_barred(session: Session, ports: Ports, person: Person) -> None:
    """Tell somebody that they contribute no more, and why."""
    with ports.speaking(person.language):
        lines = [
            gettext("A moderator decided that you cannot contribute any more. The reason:"),
            person.barred_because,
            gettext("You can still read everything, take back what you wrote, and get or erase your data:"),
            ports.link("people.me", person.language),
        ]
        _put(session, ports, person, gettext("You cannot contribute any more"), lines)


def _link(ports: Ports, person: Person, found: Contribution) -> str:
    return ports.link("contributions.contribution", person.language, contribution_id=found.id)


def _put(session: Session, ports: Ports, person: Person, subject: str, lines: Sequence[str]) -> None:
    mail = known_mail(ports, person)
    if mail:
        ports.put_mail(session, mail, subject, "\n\n".join(line for line in lines if line) + "\n", _LIFETIME)
