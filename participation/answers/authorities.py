"""Who must answer: officials enter them, change them, and retire them."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from participation.answers.calendars_in_force import CALENDARS
from participation.answers.duties import get_authority, recompute
from participation.answers.models import Authority
from participation.errors import Unacceptable
from participation.ports import Ports
from participation.text import is_blank, one_line, parse_mail

NAME_LENGTH = 120


@dataclass(frozen=True)
class AuthorityData:
    """An authority as an official writes it; `name` is {language: name}, one may stand for all."""

    name: Mapping[str, str]
    mail: str
    superior_mail: str
    calendar: str
    language: str
    retired: bool = False


def add_authority(session: Session, ports: Ports, data: AuthorityData) -> Authority:
    """Enter an authority.

    Raises:
        Unacceptable: A field is missing or makes no sense.
    """
    authority = Authority(**_checked(ports, data))
    session.add(authority)
    session.flush()
    return authority


def change_authority(session: Session, ports: Ports, authority_id: int, data: AuthorityData) -> Authority:
    """Change an authority; another calendar moves its open deadlines.

    Raises:
        Missing: There is no such authority.
        Unacceptable: A field is missing or makes no sense.
    """
    authority = get_authority(session, authority_id)
    for name, value in _checked(ports, data).items():
        setattr(authority, name, value)
    session.flush()
    recompute(session, ports, authority.calendar)
    return authority


def _checked(ports: Ports, data: AuthorityData) -> dict[str, object]:
    name = {language: one_line(text) for language, text in data.name.items() if not is_blank(one_line(text))}
    if not name or max(map(len, name.values())) > NAME_LENGTH:
        raise Unacceptable(
            "Give the authority a name of at most %(most)s characters in at least one language.", most=NAME_LENGTH
        )
    mail, superior = parse_mail(data.mail), parse_mail(data.superior_mail) if data.superior_mail.strip() else ""
    if mail is None or superior is None:
        raise Unacceptable("A mail address is written like clerk@example.org. Check both addresses.")
    if data.calendar not in CALENDARS:
        raise Unacceptable("There is no such calendar. Choose one of the list.")
    if data.language not in ports.languages():
        raise Unacceptable("The site does not speak this language. Choose one of the list.")
    return {
        "name": name,
        "mail": mail,
        "superior_mail": superior,
        "calendar": data.calendar,
        "language": data.language,
        "retired": data.retired,
    }
