"""A mail as it is handed over: headers, plain text, and where a paragraph runs from right to left a simple HTML twin.

Programs that show plain text guess its direction, many of them wrongly: punctuation and numbers of a Persian sentence
then stand at its wrong end. The HTML says the direction of each paragraph and holds nothing else: no picture, no style,
nothing that is fetched.
"""

import re
import unicodedata
from email.errors import MessageError
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UniqueUnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime

from markupsafe import Markup, escape

from evote.mail.outbox import Mail


class _OneLine(UniqueUnstructuredHeader, BaseHeader):  # type: ignore[misc]  # as the registry itself combines them
    """A header that is written as it is: folded, a long address would become encoded words, which no program reads."""

    def fold(self, *, policy: Policy) -> str:
        """Write it out."""
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _OneLine)
_POLICY = SMTP.clone(cte_type="7bit", header_factory=_HEADERS)  # a server need not take more
_WEB_ADDRESS = re.compile(r"https?://[!-;=?-~]{1,490}")
_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\u2069]")
_SPECIAL = set('()<>@,:;\\"[] ')
_STRONG = {"L": "ltr", "R": "rtl", "AL": "rtl"}


class AddressError(Exception):
    """The recipient's address is none that mail can be sent to."""


def compose(mail: Mail, message_id: str, sender: str) -> EmailMessage:
    """Write a mail out.

    Raises:
        AddressError: The recipient's address is none.
    """
    message = EmailMessage(policy=_POLICY)
    message["From"], message["To"] = sender, one_address(mail.to)
    message["Subject"] = " ".join(mail.subject.split())
    message["Date"], message["Message-ID"] = format_datetime(mail.time), message_id
    message["Auto-Submitted"] = "auto-generated"
    if _WEB_ADDRESS.fullmatch(mail.unsubscribe):
        message["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text)
    if "rtl" in map(direction_of, paragraphs(mail.text)):
        message.add_alternative(html_of(mail.text), subtype="html")
    return message


def one_address(text: str) -> Address:
    """Return a recipient: exactly one address, whatever the text tries.

    Raises:
        AddressError: It is none.
    """
    text = text.strip()
    name, _, domain = text.rpartition("@")
    if not name or not domain or not text.isprintable() or " " in text or len(text) > 320:
        raise AddressError
    try:
        if not domain.isascii():
            domain = domain.encode("idna").decode("ascii")
        if not name.isascii() and not set(name) & _SPECIAL:
            return Address(username=name, domain=domain)
        return Address(addr_spec=f"{name}@{domain}")
    except (ValueError, IndexError, MessageError):
        raise AddressError from None


def html_of(text: str) -> str:
    """Return the twin of a text: its paragraphs, each with its direction, and its links."""
    body = Markup("\n").join(
        Markup('<p dir="{}">{}</p>').format(direction_of(one), _lines(one)) for one in paragraphs(text)
    )
    return str(
        Markup('<!doctype html>\n<html><head><meta charset="utf-8"></head><body>\n{}\n</body></html>\n').format(body)
    )


def paragraphs(text: str) -> list[str]:
    """Return the parts of a text between its empty lines."""
    return [one.strip("\n") for one in re.split(r"\n\s*\n", text) if one.strip()]


def direction_of(text: str) -> str:
    """Return rtl or ltr, by the first letter that has a direction, links left out (UAX 9, P2 and P3)."""
    kinds = (unicodedata.bidirectional(letter) for letter in _LINK.sub("", text))
    return next((_STRONG[kind] for kind in kinds if kind in _STRONG), "ltr")


def _lines(paragraph: str) -> Markup:
    return Markup("<br>\n").join(_linked(line) for line in paragraph.split("\n"))


def _linked(line: str) -> Markup:
    parts, end = [], 0
    for found in _LINK.finditer(line):
        parts += [escape(line[end : found.start()]), Markup('<a dir="ltr" href="{0}">{0}</a>').format(found[0])]
        end = found.end()
    return Markup("").join([*parts, escape(line[end:])])
