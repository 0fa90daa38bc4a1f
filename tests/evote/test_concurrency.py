"""Many voters at once, with the sequencer running: nobody is lost, nobody is doubled, order is time."""

import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from evote.board.background import SequencerThread
from evote.board.settle import drain
from evote.casting.models import LOGGED, Submission
from evote.settings import Settings
from tests.support.server import Stage, make_stage

VOTERS, REVOTES = 8, 3


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def busy(request: pytest.FixtureRequest, settings: Settings) -> Stage:
    url = settings.database_url if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    return make_stage(replace(settings, database_url=url, batch=5), voters=VOTERS)


def test_many_voters_at_once(busy: Stage) -> None:
    clients = [busy.log_in(number) for number in range(VOTERS)]
    problems: list[str] = []

    def vote(number: int) -> None:
        previous = ""
        for _ in range(REVOTES):
            ballot = busy.seal(number, previous).ballot
            answer = busy.put(clients[number], number, ballot)
            if answer.status_code not in (201, 202):
                problems.append(answer.get_data(as_text=True))
            previous = ballot.tracker

    sequencer = SequencerThread(busy.services)
    sequencer.start()
    threads = [threading.Thread(target=vote, args=(number,)) for number in range(VOTERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    drain(busy.services, busy.id)
    sequencer.stop()
    assert problems == []
    log = busy.log()
    assert len(log) == 4 + VOTERS * REVOTES
    assert [entry["time"] for entry in log] == sorted(entry["time"] for entry in log)
    with busy.services.database.reading() as session:
        rows = session.query(Submission).order_by(Submission.position).all()
    assert [row.position for row in rows] == [row.entry_index for row in rows] == list(range(len(log)))
    assert {row.state for row in rows} == {LOGGED}
    busy.services.database.close()


def test_one_ballot_sent_many_times_at_once_is_accepted_once(busy: Stage) -> None:
    client, ballot = busy.log_in(0), busy.seal(0).ballot
    answers: list[tuple[int, bytes]] = []

    def send() -> None:
        answer = busy.put(client, 0, ballot)
        answers.append((answer.status_code, answer.data))

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(answers)) == 1
    assert answers[0][0] == 202
    busy.sequence()
    assert len(busy.log()) == 5
    busy.services.database.close()


def test_the_embedded_sequencer_closes_by_the_clock(settings: Settings) -> None:
    stage = make_stage(settings, closing="time")
    stage.clock.now = datetime(2026, 3, 9, tzinfo=UTC)
    sequencer = SequencerThread(stage.services)
    sequencer.start()
    for _ in range(400):
        if stage.app.test_client().get(f"/api/elections/{stage.id}").get_json()["state"] == "closed":
            break
        threading.Event().wait(0.02)
    sequencer.stop()
    assert stage.log()[-1]["type"] == "close"
    stage.services.database.close()
