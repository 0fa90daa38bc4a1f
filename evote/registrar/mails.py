"""One mail to one voter. The registrar sends it, not the server, since it may hold the code."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, parseaddr

from markupsafe import Markup

from evote.registrar.errors import MailProblem
from evote.registrar.letters import login_link, speeches_for
from evote.registrar.lists import Letter
from evote.registrar.words import Facts, Words, code_by_letter, code_by_mail, mail_ending, words_for

HIDDEN_CODE = "•••••-•••••-•••••-•••••-••"
_SIGNS = str.maketrans("", "", "\u2066\u2067\u2068\u2069")
"""Isolating signs, which some mail programs draw as boxes in a subject."""


@dataclass(frozen=True)
class Style:
    """How all mails are written.

    Attributes:
        sender: Address, or name and address.
        language: A code, `auto` (each voter's own), or `both`.
        with_code: Whether the secret code stands in the mail.
        salt: Fresh for each sending: the same voter's mail of another sending has another Message-ID.
    """

    sender: str
    language: str
    with_code: bool
    salt: str


def check_sender(sender: str) -> str:
    """Return the sender in the form of mail headers.

    Raises:
        MailProblem: It is no mail address.
    """
    name, address = parseaddr(sender)
    if "@" not in address.strip("@") or not address.isascii() or any(character in sender for character in "\r\n"):
        raise MailProblem(f"{sender!r} is no sender. Write an address, or: Election office <vote@example.org>")
    return formataddr((name, address))


def message_id(election: str, letter: Letter, style: Style) -> str:
    """Return the Message-ID of a voter's mail in a sending, with which a mailbox knows a repeated one."""
    about = "\n".join(("evote registrar mail", election, letter.number, style.salt))
    return f"<{hashlib.sha256(about.encode()).hexdigest()[:40]}@{parseaddr(style.sender)[1].rpartition('@')[2]}>"


def compose(letter: Letter, facts: Facts, style: Style, now: datetime) -> EmailMessage:
    """Write a voter's mail, as text and as a page of its own direction."""
    speeches = speeches_for(letter, facts, style.language)
    versions = [words_for(speech, facts, letter.name, letter.mail, by_mail=style.with_code) for speech in speeches]
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = style.sender, _reachable(letter.mail)
    message["Subject"] = " / ".join(words.subject for words in versions).translate(_SIGNS)
    message["Date"], message["Message-ID"] = format_datetime(now), message_id(facts.fingerprint, letter, style)
    message["Auto-Submitted"] = "auto-generated"
    parts = [_paragraphs(words, letter, facts, style) for words in versions]
    message.set_content(f"\n\n{'-' * 60}\n\n".join("\n\n".join(paragraphs) for paragraphs in parts) + "\n")
    message.add_alternative(_page(versions, parts), subtype="html")
    return message


def _paragraphs(words: Words, letter: Letter, facts: Facts, style: Style) -> Sequence[str]:
    """Return the text; codes stand on lines of their own, without signs of direction that would be copied with them."""
    speech = words.speech
    link = login_link(facts, speech, letter.id)
    steps = (f"{speech.number(place)}. {step}" for place, step in enumerate(words.steps, start=1))
    code = f"{words.code}:\n{letter.code}\n{code_by_mail(speech)}"
    return [
        words.greeting,
        f"{words.about} {words.when}".strip(),
        f"{words.voter_id}:\n{letter.id}",
        code if style.with_code else code_by_letter(speech),
        "\n".join((f"{words.how}:", *steps)),
        link,
        f"{words.never} {words.lost} {words.paper} {words.contact}".strip(),
        f"{words.number}:\n{letter.number}\n{words.number_says}",
        f"{words.fingerprint}:\n{facts.fingerprint}\n{facts.short_fingerprint}\n{words.fingerprint_says}",
        mail_ending(speech),
    ]


def _page(versions: Sequence[Words], parts: Sequence[Sequence[str]]) -> str:
    """Return the paragraphs as HTML: mail programs need the direction to be said."""
    body = Markup("<hr>").join(
        Markup('<div lang="{}" dir="{}">{}</div>').format(
            words.speech.code, words.speech.direction, Markup("").join(map(_paragraph, paragraphs))
        )
        for words, paragraphs in zip(versions, parts, strict=True)
    )
    first = versions[0]
    head = Markup('<meta charset="utf-8"><title>{}</title>').format(first.subject)
    whole = Markup('<!doctype html><html lang="{}" dir="{}"><head>{}</head><body>{}</body></html>')
    return str(whole.format(first.speech.code, first.speech.direction, head, body))


def _paragraph(text: str) -> Markup:
    if text.startswith("https://") or text.startswith("http://"):
        return Markup('<p dir="ltr"><a href="{0}">{0}</a></p>').format(text)
    lines = (Markup('<bdi dir="ltr">{}</bdi>').format(line) if line.isascii() else line for line in text.split("\n"))
    return Markup("<p>{}</p>").format(Markup("<br>").join(lines))


def _reachable(mail: str) -> str:
    """Return an address whose domain is written as the mail system writes it."""
    name, _, domain = mail.rpartition("@")
    try:
        return f"{name}@{domain.encode('idna').decode()}"
    except UnicodeError:
        return mail
