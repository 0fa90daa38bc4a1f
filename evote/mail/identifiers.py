"""Message-IDs: fixed when a mail is put into the outbox, opaque to all others, and readable by this server alone.

That of a mailing's mail holds, encrypted and authenticated (AES-SIV, RFC 5297), the mailing's number and the place of
the voter in the roll's table. So a delivery report that comes back weeks later can be told whose it is although no list
of recipients is kept; and nobody can make one up. In a reminder's there is a random number instead of the voter.
"""

import base64
import binascii
import struct
from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from evote.sealing import derive_key
from evote.services import Services

_RANDOM_BYTES = 16
_FORM = struct.Struct(">IQ")
_TOKEN_BYTES = _FORM.size + 16


@dataclass(frozen=True)
class Origin:
    """What a Message-ID of a mailing says.

    Attributes:
        mailing_id: Which mailing.
        number: The row id of the voter; for reminders a random number.
    """

    mailing_id: int
    number: int


def new_message_id(services: Services) -> str:
    """Return the Message-ID of a mail that belongs to no mailing."""
    return f"<{_text(services.random_bytes(_RANDOM_BYTES))}@{_domain(services)}>"


def mailing_message_id(services: Services, origin: Origin) -> str:
    """Return the Message-ID of a mailing's mail; always the same for the same origin."""
    token = _cipher(services).encrypt(_FORM.pack(origin.mailing_id, origin.number), None)
    return f"<{_text(token)}@{_domain(services)}>"


def read_message_id(services: Services, message_id: str) -> Origin | None:
    """Return what a Message-ID says, or nothing where it is not of a mailing of this server."""
    local = message_id.strip().removeprefix("<").partition("@")[0]
    try:
        token = base64.b32decode(local.upper() + "=" * (-len(local) % 8))
        if len(token) != _TOKEN_BYTES:
            return None
        return Origin(*_FORM.unpack(_cipher(services).decrypt(token, None)))
    except (InvalidTag, binascii.Error, ValueError):
        return None


def _text(data: bytes) -> str:
    """Return lower-case base32: some programs on a mail's way do not keep capitals apart."""
    return base64.b32encode(data).decode("ascii").rstrip("=").lower()


def _domain(services: Services) -> str:
    smtp = services.settings.smtp
    if smtp is not None:
        return smtp.sender.rpartition("@")[2].strip("<> ")
    return urlsplit(services.settings.base_url).hostname or "localhost"


def _cipher(services: Services) -> AESSIV:
    return AESSIV(derive_key(services.settings.secret_key, "evote message ids"))
