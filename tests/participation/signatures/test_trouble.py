"""Whatever is wrong with one petition, or goes wrong once, the others are counted and the counter goes on."""

import time
from collections.abc import Callable

import pytest
from sqlalchemy import select

from ballots.errors import EncodingError
from participation.signatures.counter import Counter, CounterThread
from participation.signatures.models import PetitionLog, Waiting
from participation.signatures.queries import count_of
from tests.support.participation import Town
from tests.support.signing import PETITION, Signing

OTHER = "00000000-0000-4000-8000-000000000002"


@pytest.fixture
def two(town: Town) -> tuple[Signing, Signing]:
    """Two petitions, one signature each; what waits for the first one's log is no JSON."""
    broken, sound = Signing(town, PETITION), Signing(town, OTHER)
    for one in (broken, sound):
        one.open()
    broken.sign(1)
    sound.sign(2)
    with town.services.database.writing() as session:
        row = session.scalars(
            select(Waiting).where(Waiting.petition_id == PETITION).order_by(Waiting.id.desc())
        ).first()
        assert row is not None
        row.body = b"{"
    return broken, sound


def total(signing: Signing) -> int:
    with signing.ports.database.reading() as session:
        found = count_of(session, signing.petition_id)
        return found.total if found else 0


@pytest.mark.parametrize("work", [Counter.step, Counter.drain], ids=["step", "drain"])
def test_a_broken_petition_keeps_no_other_back(two: tuple[Signing, Signing], work: Callable[[Counter], object]) -> None:
    broken, sound = two
    with pytest.raises(EncodingError):
        work(Counter(sound.ports))

    assert (total(broken), total(sound)) == (0, 1)


def test_a_broken_document_keeps_no_other_from_being_closed(two: tuple[Signing, Signing]) -> None:
    _, sound = two
    with sound.ports.database.writing() as session:
        session.get_one(PetitionLog, PETITION).document = b"{"
    sound.town.clock.forward(days=31, hours=1)
    with pytest.raises(EncodingError):
        Counter(sound.ports).drain()

    with sound.ports.database.reading() as session:
        assert session.get_one(PetitionLog, OTHER).closed


def test_the_thread_outlives_what_nobody_thought_of(two: tuple[Signing, Signing]) -> None:
    _, sound = two
    counter = CounterThread(sound.ports)
    counter.start()
    try:
        end = time.monotonic() + 20
        while total(sound) < 1 and time.monotonic() < end:
            time.sleep(0.05)
        sound.sign(3)
        while total(sound) < 2 and time.monotonic() < end:
            time.sleep(0.05)
    finally:
        counter.stop()
    assert total(sound) == 2
