"""Delivery status notifications (RFC 3464): what mail servers report back about mails they could not deliver.

Reports come from strangers. Nothing in one is believed but which of our Message-IDs it names, and those nobody can
make up.
"""

import mailbox
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from pathlib import Path

from evote.mail.reasons import LATE, OTHER, reason_of_reply, reason_of_status

MOST_BYTES = 4 * 1024 * 1024
_MOST_PARTS = 100


@dataclass(frozen=True)
class Report:
    """A mail that was not delivered.

    Attributes:
        message_ids: Of the mail, as far as the report names it: the surest first.
        reason: One of `evote.mail.reasons`.
    """

    message_ids: tuple[str, ...]
    reason: str


def read_messages(path: Path) -> Iterator[bytes]:
    """Yield the mails of a file: an mbox, or a single mail. Longer ones than 4 MB are cut."""
    with path.open("rb") as file:
        is_mbox = file.read(5) == b"From "
    if not is_mbox:
        with path.open("rb") as file:
            yield file.read(MOST_BYTES)
        return
    box = mailbox.mbox(path, create=False)
    try:
        for key in box.iterkeys():
            with box.get_file(key) as mail:
                yield mail.read(MOST_BYTES)
    finally:
        box.close()


def parse_report(data: bytes) -> Report | None:
    """Return what a mail reports, or nothing where it is no report of a failure (delays and successes are none)."""
    try:
        return _parse(message_from_bytes(data, policy=policy.compat32))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):  # the parser's own troubles
        return None


def _parse(mail: Message) -> Report | None:
    status = _first(mail, "message/delivery-status")
    if status is None:
        return None
    failed = [block for block in _blocks(status) if _field(block, "Action").lower() == "failed"]
    if not failed:
        return None
    return Report(tuple(dict.fromkeys(_message_ids(mail))), _reason(failed[0]))


def _reason(block: Message) -> str:
    status, said = _field(block, "Status"), _field(block, "Diagnostic-Code")
    reason = reason_of_status(status)
    if reason == OTHER and said:
        digits = said.partition(";")[2].strip()[:3]
        reason = reason_of_reply(int(digits) if digits.isascii() and digits.isdigit() else 0, said)
    return LATE if reason == OTHER and status.startswith("4") else reason


def _message_ids(mail: Message) -> Iterator[str]:
    """Yield the Message-IDs that a report names: of the mail that it holds, and of what it answers."""
    for kind in ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"):
        part = _first(mail, kind)
        if part is not None:
            yield from _ids(_field(_inside(part), "Message-ID"))
    for name in ("In-Reply-To", "References"):
        yield from _ids(_field(mail, name))


def _inside(part: Message) -> Message:
    """Return the mail in a part, whether the parser took it for one or for text."""
    payload = part.get_payload()
    if isinstance(payload, list) and payload and isinstance(payload[0], Message):
        return payload[0]
    data = part.get_payload(decode=True)
    return message_from_bytes(data if isinstance(data, bytes) else b"", policy=policy.compat32)


def _blocks(status: Message) -> list[Message]:
    payload = status.get_payload()
    if isinstance(payload, list):
        return [one for one in payload if isinstance(one, Message)]
    data = status.get_payload(decode=True)
    blocks = data.replace(b"\r\n", b"\n").split(b"\n\n") if isinstance(data, bytes) else []
    return [message_from_bytes(block, policy=policy.compat32) for block in blocks]


def _first(mail: Message, kind: str) -> Message | None:
    for number, part in enumerate(mail.walk()):
        if part.get_content_type() == kind:
            return part
        if number > _MOST_PARTS:
            break
    return None


def _field(block: Message, name: str) -> str:
    return str(block.get(name, "")).strip()


def _ids(text: str) -> list[str]:
    return [word if word.startswith("<") else f"<{word}>" for word in text.split()[:20]]
