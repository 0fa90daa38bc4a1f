"""Mails to voters through a real SMTP server: nobody is forgotten, nobody gets two, whatever happens in between."""

import datetime
import json
import os
import signal
import ssl
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

import click
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ballots.manifest import Manifest
from evote.registrar import cli
from evote.registrar.delivery import Delivery, Relay
from evote.registrar.errors import FileProblem, LetterProblem, MailProblem
from evote.registrar.journal import Journal
from evote.registrar.lists import Letter
from evote.registrar.mails import HIDDEN_CODE, Style, check_sender, compose, message_id
from tests.support.elections import OPENS_AT
from tests.support.letters import F, facts_of, letters_data, make_letters
from tests.support.mail_server import Mailbox, mail_server

SENDER = "Election office <vote@example.org>"
STYLE = Style(SENDER, "auto", with_code=False, salt="salt")


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server(Mailbox()) as box:
        yield box


def relay(box: Mailbox) -> Relay:
    return Relay("127.0.0.1", box.port, "plain")


def sleepless(_seconds: float) -> None:
    """Do not wait."""


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


@pytest.mark.parametrize("language", ["auto", "both"])
def test_a_mail_says_all_but_the_code(manifest: Manifest, language: str) -> None:
    facts, style = facts_of(manifest), Style(SENDER, language, with_code=False, salt="s")
    for letter in make_letters(manifest):
        mail = compose(letter, facts, style, OPENS_AT)
        raw = mail.as_bytes().decode()
        assert letter.code not in raw
        assert letter.code.replace("-", "") not in raw
        for kind in ("plain", "html"):
            text = text_of(mail, kind)
            assert letter.id.replace("+", "&#43;") in text or letter.id in text
            assert "/login#id=" in text
            assert letter.number in text
            assert letter.code not in text
            assert facts.fingerprint in text
            assert "by letter" in text or "نامهٔ کاغذی" in text
    html = text_of(compose(make_letters(manifest)[1], facts, style, OPENS_AT), "html")
    assert '<div lang="fa" dir="rtl">' in html
    assert ('<div lang="en" dir="ltr">' in html) == (language == "both")


def test_the_code_stands_in_the_mail_only_if_it_is_asked_for(manifest: Manifest) -> None:
    [letter] = make_letters(manifest, 1)
    mail = compose(letter, facts_of(manifest), Style(SENDER, "en", with_code=True, salt="s"), OPENS_AT)
    assert letter.code in text_of(mail).splitlines(), "nothing else is copied with it"
    assert "can vote in your place" in text_of(mail)
    assert "by letter" not in text_of(mail)


def test_message_ids_are_the_voters_own_and_tell_nothing(manifest: Manifest) -> None:
    letters = make_letters(manifest)
    ids = {message_id(F, letter, STYLE) for letter in letters}
    assert len(ids) == len(letters)
    assert ids == {message_id(F, letter, STYLE) for letter in letters}
    assert message_id(F, letters[0], Style(SENDER, "auto", with_code=False, salt="other")) not in ids
    assert all(one.endswith("@example.org>") for one in ids)
    with pytest.raises(MailProblem, match="no sender"):
        check_sender("vote@example.org\r\nBcc: x@example.org")
    assert check_sender("دفتر <vote@example.org>").endswith("<vote@example.org>")


def deliver(path: Path, box: Mailbox, letters: list[Letter], manifest: Manifest, *, again: bool = False) -> Delivery:
    with Journal(path) as journal:
        delivery = Delivery(journal, facts_of(manifest), STYLE, again=again)
        list(delivery.send(relay(box), letters, sleep=sleepless))
    return delivery


def test_refusals_are_listed_and_others_go_on(tmp_path: Path, mailbox: Mailbox, manifest: Manifest) -> None:
    letters, path = make_letters(manifest), tmp_path / "send.journal"
    mailbox.refuse["ada@example.org"] = "550 No such user"
    mailbox.refuse_data["parvin@example.org"] = ["451 Try later", "421 Too busy"]
    mailbox.refuse_data["sadegh@example.org"] = ["554 Not here"]
    delivery = deliver(path, mailbox, letters, manifest)
    assert {one.voter_id: one.why for one in delivery.refusals.values()} == {
        "1001": "550 No such user",
        "رأی ۳/+": "554 Not here",
    }
    assert sorted(str(mail["To"]) for mail in mailbox.taken) == [
        "emmy@example.org",
        "parvin@example.org",
        "x@example.org",
    ]
    mailbox.refuse.clear()
    assert len(deliver(path, mailbox, letters, manifest).refusals) == 2, "they are not tried again unasked"
    assert deliver(path, mailbox, letters, manifest, again=True).refusals == {}
    assert len(mailbox.taken) == 5
    assert deliver(path, mailbox, letters, manifest).refusals == {}
    assert len(set(mailbox.ids())) == 5


def test_a_server_that_puts_off_or_refuses_everything(tmp_path: Path, mailbox: Mailbox, manifest: Manifest) -> None:
    letters = make_letters(manifest, 30)
    mailbox.refuse_data = {letter.mail: ["554 We know you not"] * 9 for letter in letters}
    with pytest.raises(MailProblem, match="one mail after the other"):
        deliver(tmp_path / "refused", mailbox, letters, manifest)
    mailbox.refuse_data = {letter.mail: ["450 Later"] * 9 for letter in letters}
    with pytest.raises(MailProblem, match="5 mails were put off"):
        deliver(tmp_path / "later", mailbox, letters[:5], manifest)
    mailbox.refuse_data.clear()
    deliver(tmp_path / "later", mailbox, letters[:5], manifest)
    assert len(mailbox.taken) == 5


def test_a_server_that_cannot_be_reached_or_trusted(tmp_path: Path, manifest: Manifest) -> None:
    letters, facts = make_letters(manifest), facts_of(manifest)
    with Journal(tmp_path / "send.journal") as journal:
        gone = Relay("127.0.0.1", 1, "plain")
        with pytest.raises(MailProblem, match="run the same command again"):
            list(Delivery(journal, facts, STYLE).send(gone, letters, sleep=sleepless))
    with pytest.raises(MailProblem, match="--starttls or --tls"):
        Relay("mail.example.org", 25, "plain").check()
    Relay("mail.example.org", 25, "starttls").check()


def test_starttls_and_login(tmp_path: Path, manifest: Manifest) -> None:
    certificate, context = _certificate(tmp_path)
    letters, facts = make_letters(manifest, 2), facts_of(manifest)
    with mail_server(Mailbox(passwords={"vote": "secret"}), context) as box:
        good = Relay("127.0.0.1", box.port, "starttls", "vote", "secret", certificate)
        wrong = Relay("127.0.0.1", box.port, "starttls", "vote", "wrong", certificate)
        strange = Relay("127.0.0.1", box.port, "starttls", "vote", "secret")
        with Journal(tmp_path / "send.journal") as journal:
            delivery = Delivery(journal, facts, STYLE)
            with pytest.raises(MailProblem, match="user and password"):
                list(delivery.send(wrong, letters, sleep=sleepless))
            with pytest.raises(MailProblem, match="certificate is not trusted"):
                list(delivery.send(strange, letters, sleep=sleepless))
            assert list(delivery.send(good, letters, sleep=sleepless)) == letters
        assert len(box.taken) == 2


def test_a_journal_belongs_to_one_sending(tmp_path: Path, mailbox: Mailbox, manifest: Manifest) -> None:
    path, facts = tmp_path / "send.journal", facts_of(manifest)
    deliver(path, mailbox, make_letters(manifest, 1), manifest)
    assert path.stat().st_mode & 0o777 == 0o600
    with Journal(path) as journal:
        for sender, with_code in ((SENDER, True), ("a@b.c", False)):
            with pytest.raises(MailProblem, match="another sending"):
                Delivery(journal, facts, Style(sender, "auto", with_code, "x"))
        with pytest.raises(FileProblem, match="in use"):
            Journal(path)
    path.write_bytes(path.read_bytes() + b'{"event": "sent", "num')
    with Journal(path) as journal:
        assert [line.get("event") for line in journal.lines] == [None, "try", "sent"], "what a crash cut short is gone"
    path.write_bytes(b"no journal\n")
    with pytest.raises(FileProblem, match="no journal"):
        Journal(path)


def options(tmp_path: Path, manifest_path: Path, mailbox: Mailbox) -> list[str]:
    return [
        *("send", str(tmp_path / "letters.csv"), "--manifest", str(manifest_path), "--allow-test-keys"),
        *("--election", F, "--site", "https://vote.example.org", "--sender", SENDER),
        *("--smtp", f"127.0.0.1:{mailbox.port}"),
    ]


def test_killed_half_way_and_resumed(tmp_path: Path, manifest: Manifest, manifest_path: Path, mailbox: Mailbox) -> None:
    count = 60
    (tmp_path / "letters.csv").write_bytes(letters_data(manifest, count))
    journal = tmp_path / "send.journal"
    command = [sys.executable, "-m", "evote.registrar", *options(tmp_path, manifest_path, mailbox)]
    mailbox.pause = 0.005
    for stop_at in (15, 35):
        running = subprocess.Popen([*command, "--journal", str(journal)], stderr=subprocess.DEVNULL)
        mailbox.wait_for(stop_at)
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
    mailbox.pause = 0
    finished = subprocess.run([*command, "--journal", str(journal)], capture_output=True, text=True, check=True)
    assert f"{count} mails were taken, 0 refused" in finished.stderr
    ids = Counter(mailbox.ids())
    assert len(ids) == count, "none is lost"
    assert sum(ids.values()) <= count + 2, "each kill repeats at most the one in flight"
    assert {str(mail["To"]) for mail in mailbox.taken} == {letter.mail for letter in make_letters(manifest, count)}
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    assert sum(line.get("event") == "sent" for line in lines) == count
    assert not [line for line in lines if "code" in line]
    subprocess.run([*command, "--journal", str(journal)], capture_output=True, text=True, check=True)
    assert len(mailbox.taken) == sum(ids.values()), "a finished sending sends nothing"


def test_preview_and_test_mail(
    tmp_path: Path, manifest: Manifest, manifest_path: Path, mailbox: Mailbox, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letters.csv").write_bytes(letters_data(manifest))
    letters = make_letters(manifest)
    arguments = [*options(tmp_path, manifest_path, mailbox), "--code-by-mail"]
    cli.commands([*arguments, "--preview", "1002"], standalone_mode=False)
    shown = capsys.readouterr().out
    assert "parvin@example.org" in shown
    assert HIDDEN_CODE in shown
    assert letters[1].code not in shown
    assert mailbox.taken == []
    cli.commands([*arguments, "--test-to", "me@example.org"], standalone_mode=False)
    [mail] = mailbox.taken
    assert mail["To"] == "me@example.org"
    assert HIDDEN_CODE in text_of(mail)
    assert not any(letter.code in text_of(mail) or letter.number in text_of(mail) for letter in letters)
    with pytest.raises(click.UsageError, match="--journal"):
        cli.commands(arguments, standalone_mode=False)
    with pytest.raises(LetterProblem, match="no voter 9"):
        cli.commands([*arguments, "--preview", "9"], standalone_mode=False)


def _certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "mail.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path)
    return path, context
