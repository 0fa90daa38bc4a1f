"""Many at once, on both databases: nobody is lost, nobody counts twice, whatever commits first."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from ballots import codec
from evote.app import create_app
from evote.mail.sender import Sender
from evote.mailings.job import MailingsJob
from evote.settings import Smtp
from participation.jobs import hold_lock
from participation.signatures.confirming import confirm, withdraw
from participation.signatures.counter import LOCK, CounterThread
from participation.signatures.counter import Counter as SignatureCounter
from tests.support.gallery import gallery_settings
from tests.support.mail_server import Mailbox, mail_server
from tests.support.participation import Town
from tests.support.server import Clock, make_services
from tests.support.signing import LINK, Signing
from verifier.petition import check_petition

PEOPLE = 24


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def crowd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Signing]:
    """An open petition on either database."""
    settings = gallery_settings(tmp_path)
    if request.param == "postgresql":
        settings = replace(settings, database_url=request.getfixturevalue("postgres_url"))
    clock = Clock()
    services = make_services(settings, clock)
    made = Signing(Town(create_app(settings, services), services, clock))
    made.open()
    yield made
    services.database.close()


def test_everybody_presses_the_button_twice_at_once_while_two_counters_want_to_count(
    crowd: Signing, tmp_path: Path
) -> None:
    links = [crowd.ask(crowd.signer(number)) for number in range(PEOPLE)]
    again = [crowd.ask(crowd.signer(number)) for number in range(4)]  # a second link of the same person
    counters = [CounterThread(crowd.ports), CounterThread(crowd.ports)]
    for one in counters:
        one.start()
    with ThreadPoolExecutor(8) as pool:
        states = list(
            pool.map(lambda link: confirm(crowd.ports, crowd.petition_id, link).state, (*links, *links, *again))
        )
        list(pool.map(lambda link: withdraw(crowd.ports, crowd.petition_id, link), (links[5], links[5])))
    for one in counters:
        one.stop()

    folder = crowd.export(tmp_path / "record")
    report = check_petition(folder)
    lines = (folder / "log" / "00000.jsonl").read_bytes().splitlines()
    persons = Counter(codec.parse_canonical(line)["body"].get("person", "") for line in lines)
    assert set(states) <= {"signed", "otherwise"}
    assert report.failed_parts() == []
    assert report.counted["mail"] == PEOPLE - 1
    assert report.removed == {"withdrawn": 1}
    assert sorted(persons[person] for person in persons if person) == [1] * PEOPLE


def test_a_second_counter_waits_for_the_first(crowd: Signing) -> None:
    with hold_lock(crowd.ports.database, LOCK) as first, hold_lock(crowd.ports.database, LOCK) as second:
        assert (first, second) == (True, False)


def test_batches_of_a_long_queue_are_one_log(crowd: Signing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("participation.signatures.counter.BATCH", 3)
    monkeypatch.setattr("participation.signatures.counter.LINES_A_FILE", 10_000)
    for number in range(8):
        crowd.sign(number)
    SignatureCounter(crowd.ports).drain()

    assert check_petition(crowd.export(tmp_path / "record")).counted["mail"] == 8


def test_mail_by_a_real_server_leads_to_a_signature(make_town: Callable[..., Town]) -> None:
    with mail_server(Mailbox()) as server:
        town = make_town(smtp=Smtp("127.0.0.1", server.port, "town@example.org", starttls=False))
        signing = Signing(town)
        signing.open(title="اتوبوس شب")
        with town.app.test_request_context("/fa/"):
            signing.ask(signing.signer(1, language="fa", name="مینا"))
        sender = Sender(town.services, MailingsJob(town.services))
        sender.send_due()
        sender.close()

        (mail,) = server.taken
        body = mail.get_body(("plain",))
        assert body is not None
        text = body.get_content()
        found = LINK.search(text)
    assert mail["To"] == "person1@example.org"
    assert "اتوبوس شب" in str(mail["Subject"])
    assert "/fa/petitions/" in text
    assert found is not None
    assert confirm(signing.ports, signing.petition_id, codec.decode_bytes(found[1], 32)).state == "signed"
