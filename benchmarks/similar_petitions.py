"""How long it takes to find similar petitions, and to search, among many: python -m benchmarks.similar_petitions."""

import random
import statistics
import sys
import tempfile
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from evote.database import Database
from evote.database.migrations import migrate
from participation.petitions.models import Petition
from participation.petitions.search import find_similar, index_petition, matching

COUNT, TRIES = 20_000, 40
_VERBS = ("Build", "Open", "Close", "Keep", "Plant", "Mend", "Light", "Clean", "Widen", "Paint", "Save", "Move")
_THINGS = ("bridge", "library", "school", "park", "road", "market", "tower", "pool", "bus stop", "garden", "hospital")
_PLACES = ("river", "mill", "hill", "station", "harbour", "square", "forest", "valley", "gate", "church", "lake")
_FA_VERBS = ("بسازید", "باز کنید", "نگه دارید", "تعمیر کنید", "روشن کنید", "پهن‌تر کنید", "رنگ کنید")
_FA_THINGS = ("پل", "کتابخانهٔ", "مدرسهٔ", "بوستان", "خیابان", "بازار", "برج", "استخر", "باغ‌های", "بیمارستان")
_FA_PLACES = ("رودخانه", "آسیاب", "تپه", "ایستگاه", "بندر", "میدان", "جنگل", "دره", "دروازه", "محله", "شهرک")


def main(address: str = "") -> None:
    """Fill a database and measure; `address` of an empty PostgreSQL database, or SQLite."""
    rng = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(address or f"sqlite:///{Path(folder) / 'petitions.sqlite3'}")
        migrate(database)
        now = datetime.now(UTC)
        with database.writing() as session:
            for _ in range(COUNT):
                row = Petition(
                    id=str(uuid.UUID(int=rng.getrandbits(128))),
                    key_hash="",
                    language="en",
                    title=make_title(rng),
                    background=" ".join(make_title(rng) for _ in range(5)),
                    details="",
                    creator_name="",
                    created_at=now,
                    changed_at=now,
                    opened_at=now,
                    state="open",
                )
                session.add(row)
                index_petition(session, row)
        similar, search = [], []
        for _ in range(TRIES):
            title = make_title(rng)
            with database.reading() as session:
                begun = time.perf_counter()
                find_similar(session, title, 5)
                similar.append(time.perf_counter() - begun)
                begun = time.perf_counter()
                condition = matching(session, " ".join(title.split()[-3:]))
                assert condition is not None
                session.scalar(select(func.count()).select_from(Petition).where(condition))
                search.append(time.perf_counter() - begun)
        database.close()
    for name, times in (("similar titles", similar), ("search by words", search)):
        middle, most = statistics.median(times) * 1000, max(times) * 1000
        print(f"{name:16} among {COUNT:,} petitions: median {middle:.0f} ms, longest {most:.0f} ms")


def make_title(rng: random.Random) -> str:
    """Return a title, in English or Persian by turns."""
    district = rng.randrange(300)
    if rng.random() < 0.5:
        verb, thing, place = (rng.choice(words) for words in (_VERBS, _THINGS, _PLACES))
        return f"{verb} the {thing} near the {place} in district {district}"
    verb, thing, place = (rng.choice(words) for words in (_FA_VERBS, _FA_THINGS, _FA_PLACES))
    return f"{thing} نزدیک {place} در ناحیهٔ {district} را {verb}"


if __name__ == "__main__":
    main(*sys.argv[1:])
