"""Who gets news of a petition, in an order that can be gone on with: signers who want it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from participation.ports import Ports
from participation.signatures.news import token_of
from participation.signatures.queries import news_readers


@dataclass(frozen=True)
class Recipient:
    """Somebody who wants news.

    Attributes:
        number: Grows along the order.
        leave: The address of the page on which, and by a mail program's post to which, one gets no more.
    """

    number: int
    mail: str
    language: str
    leave: str


def next_recipients(session: Session, ports: Ports, petition_id: str, after: int, most: int) -> Sequence[Recipient]:
    """Return the next of those who want news, behind a number."""
    return [
        Recipient(
            number=one.number,
            mail=one.mail,
            language=one.language,
            leave=ports.link(
                "signature_news.leave",
                one.language,
                petition_id=petition_id,
                number=one.number,
                token=token_of(ports, petition_id, one.number),
            ),
        )
        for one in news_readers(session, ports, petition_id, after, most)
    ]
