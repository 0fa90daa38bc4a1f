"""Voters' letters of a small election, with real codes."""

import random
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from ballots import codec
from ballots.credentials import short_tracker
from ballots.manifest import Manifest
from evote.registrar.credentials import make_credentials
from evote.registrar.lists import Letter, letters_csv, read_letters
from evote.registrar.voters import Voter
from evote.registrar.words import Facts

F = codec.encode_bytes(b"\x09" * 32)
PEOPLE = (
    Voter("1001", "ada@example.org", "all", 1, "Ada Lovelace", "en", ("12 Square", "London")),
    Voter("1002", "parvin@example.org", "all", 1, "پروین اعتصامی", "fa", ("تهران، خیابان انقلاب", "پلاک ۵")),
    Voter("رأی ۳/+", "sadegh@example.org", "all", 1, "صادق هدایت", "en", ("37 rue Championnet", "Paris")),
    Voter("1004", "emmy@example.org", "all", 1, "Emmy Noether", "fa"),
    Voter("1005", "x@example.org", "all", 1),
)


def facts_of(manifest: Manifest) -> Facts:
    return Facts(
        title={"en": "The tramway", "fa": "تراموا"},
        description={"en": "Shall it be rebuilt?", "fa": "آیا بازسازی شود؟"},
        opens_at=datetime(2026, 3, 1, 8, tzinfo=UTC),
        closes_at=datetime(2026, 3, 8, 16, 30, tzinfo=UTC),
        zone=ZoneInfo("Asia/Tehran"),
        fingerprint=F,
        short_fingerprint=short_tracker(F),
        site="https://vote.example.org",
        path=f"/elections/{manifest.id}",
        contact="Election office, +98 21 555 0100",
    )


def make_letters(manifest: Manifest, count: int = len(PEOPLE)) -> list[Letter]:
    return read_letters(letters_data(manifest, count), manifest)


def letters_data(manifest: Manifest, count: int = len(PEOPLE)) -> bytes:
    """Return letters.csv of so many voters; beyond the first they are made up."""
    more = [Voter(f"v{number:05}", f"v{number}@example.org", "all", 1) for number in range(count - len(PEOPLE))]
    people = [*PEOPLE, *more][:count]
    return letters_csv(list(make_credentials(people, manifest, random.Random("letters").getrandbits)))
