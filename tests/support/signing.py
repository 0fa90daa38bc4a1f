"""An open petition in a town, people who sign it, and its record."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from ballots import codec
from evote.mail.outbox import demo_outbox
from participation.petitions.models import Petition
from participation.ports import Ports
from participation.signatures.asking import Signer, ask
from participation.signatures.confirming import confirm, read_link
from participation.signatures.counter import Counter
from participation.signatures.models import Signature
from participation.signatures.record import export_petition
from tests.support.participation import Town

PETITION = "00000000-0000-4000-8000-000000000001"
LINK = re.compile(r"/sign/([A-Za-z0-9_-]{43})")


@dataclass
class Signing:
    """A petition that is open for a month from the town's present on."""

    town: Town
    petition_id: str = PETITION
    people: int = field(default=0)

    @property
    def ports(self) -> Ports:
        return self.town.ports

    def open(self, signing: str = "mail", election_id: str | None = None, title: str = "A night bus") -> None:
        now = self.town.services.now()
        with self.town.services.database.writing() as session:
            session.add(
                Petition(
                    id=self.petition_id,
                    key_hash="",
                    language="en",
                    title=title,
                    background="Let the harbour bus run at night.",
                    details="",
                    signing=signing,
                    roll_election=election_id,
                    created_at=now,
                    changed_at=now,
                    state="open",
                    opened_at=now,
                    closes_at=now + timedelta(days=30),
                )
            )

    def signer(self, number: int = 0, **changes: object) -> Signer:
        values = {
            "name": f"Person {number}",
            "mail": f"person{number}@example.org",
            "region": f"IR-{number % 31:02}",
            "postcode": f"AB1{number}",
        } | changes
        return Signer(**values)  # type: ignore[arg-type]

    def ask(self, signer: Signer, sender: str = "") -> bytes:
        """Ask to sign from an address of one's own; returns the secret of the mailed link, empty if there is none."""
        self.people += 1
        before = len(self.mails(signer.mail))
        with self.town.app.test_request_context():
            ask(self.ports, self.petition_id, signer, sender or f"10.0.{self.people >> 8}.{self.people & 255}")
        mails = self.mails(signer.mail)
        found = LINK.search(mails[0]) if len(mails) > before else None
        return codec.decode_bytes(found[1], 32) if found else b""

    def sign(self, number: int = 0, **changes: object) -> tuple[bytes, Signature]:
        """Ask and confirm; returns the link's secret and the signature."""
        secret = self.ask(self.signer(number, **changes))
        confirm(self.ports, self.petition_id, secret)
        signature = read_link(self.ports, self.petition_id, secret).signature
        assert signature is not None
        return secret, signature

    def mails(self, to: str) -> list[str]:
        """Return the texts of mails to an address, newest first."""
        with self.town.services.database.reading() as session:
            return [mail.text for mail in demo_outbox(session, self.town.services, to)]

    def count(self) -> None:
        """Let the counter work until nothing waits."""
        Counter(self.ports).drain()

    def export(self, folder: Path) -> Path:
        """Count, and write the record."""
        self.count()
        export_petition(self.ports, self.petition_id, folder)
        return folder
