"""``send``: a mail to every voter, resumable; the only command that uses the network."""

import secrets
import sys
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parseaddr
from pathlib import Path

import click
from rich.progress import Progress

from evote.registrar.asking import FILE, console, read_manifest, read_passphrase, say
from evote.registrar.delivery import Delivery, Relay
from evote.registrar.errors import MailProblem
from evote.registrar.facts import facts_options, make_facts
from evote.registrar.files import read
from evote.registrar.journal import Journal
from evote.registrar.letter_command import choose
from evote.registrar.lists import Letter, read_letters
from evote.registrar.mails import HIDDEN_CODE, Style, check_sender, compose
from evote.registrar.words import Facts

_SHOWN = 200


@click.command()
@click.argument("letters_csv", type=FILE)
@facts_options
@click.option("--smtp", required=True, help="The mail server, host:port.")
@click.option("--sender", required=True, help="Address, or: Election office <vote@example.org>")
@click.option("--tls", "security", flag_value="tls", help="Encrypted from the start (port 465).")
@click.option("--starttls", "security", flag_value="starttls", help="Encrypted after a greeting (port 587).")
@click.option("--ca-file", type=FILE, help="Trust these certificates instead of the system's.")
@click.option("--user", default="", help="To log in to the mail server.")
@click.option("--password-file", type=FILE, help="Holds the password as its one line.")
@click.option("--journal", "journal_path", type=FILE, help="Says what was sent; the same again goes on where it was.")
@click.option(
    "--code-by-mail", is_flag=True, help="Put the secret code into the mail. Read docs/threat-model.md first."
)
@click.option("--per-minute", type=click.IntRange(0), default=0, help="At most so many mails a minute.")
@click.option("--again", is_flag=True, help="Try those anew that the server refused for good.")
@click.option("--only", multiple=True, help="Only this voter id; several times for several.")
@click.option("--test-to", default="", help="Send one mail with no code of anybody to this address, and nothing else.")
@click.option("--preview", default="", help="Show the mail of this voter id, without the code, and send nothing.")
def send(
    letters_csv: Path,
    manifest_path: Path,
    allow_test_keys: bool,
    election: str,
    roll: Path | None,
    key_document: Path | None,
    site: str,
    zone: str,
    language: str,
    contact: str,
    smtp: str,
    sender: str,
    security: str | None,
    ca_file: Path | None,
    user: str,
    password_file: Path | None,
    journal_path: Path | None,
    code_by_mail: bool,
    per_minute: int,
    again: bool,
    only: tuple[str, ...],
    test_to: str,
    preview: str,
) -> None:
    """Mail every voter of LETTERS_CSV the voter id, the link and how to vote; the code only if asked to."""
    manifest = read_manifest(manifest_path, allow_test_keys)
    people = choose(read_letters(read(letters_csv), manifest), only or ((preview,) if preview else ()), None)
    facts = make_facts(manifest_path, allow_test_keys, manifest, election, roll, key_document, site, zone, contact)
    style = Style(check_sender(sender), language, code_by_mail, secrets.token_hex(16))
    if preview:
        _show(people[0], facts, style)
        return
    password = read_passphrase(password_file) if password_file else ""
    relay = _relay(
        smtp, security or "plain", user or (parseaddr(style.sender)[1] if password else ""), password, ca_file
    )
    if test_to:
        _send_test(relay, people[0], facts, style, test_to)
        return
    if journal_path is None:
        raise click.UsageError("Name a --journal: without it a stopped sending could not go on where it was.")
    with Journal(journal_path) as journal:
        _send_all(Delivery(journal, facts, style, again=again), relay, people, per_minute, journal_path)


def _send_all(delivery: Delivery, relay: Relay, people: list[Letter], per_minute: int, journal: Path) -> None:
    flying = delivery.in_flight(people)
    for letter in flying:
        say(f"The mail to {letter.id} was on its way when the sending stopped; it goes out again under its Message-ID.")
    with Progress(console=console) as progress:
        task = progress.add_task(
            "Sending", total=len(people), completed=len({one.number for one in people} & delivery.done)
        )
        for _ in delivery.send(relay, people, a_minute=per_minute):
            progress.advance(task)
    refused = list(delivery.refusals.values())
    say(f"{len(people) - len(refused):,} mails were taken, {len(refused):,} refused for good.")
    for refusal in refused[:_SHOWN]:
        say(f"  {refusal.voter_id}: {refusal.why}")
    if refused:
        say(f"Write letters to these: `letters … --refused {journal}`")
        sys.exit(1)


def _send_test(relay: Relay, letter: Letter, facts: Facts, style: Style, to: str) -> None:
    specimen = replace(letter, mail=to, code=HIDDEN_CODE, number="-".join(["XXXXX"] * 5))
    try:
        with relay.connect() as server:
            server.send_message(compose(specimen, facts, style, datetime.now(UTC)))
    except OSError as error:
        raise MailProblem(f"The test mail was not taken: {error}") from None
    say(f"Sent a mail as {letter.id} gets it, without the code, to {to}.")


def _show(letter: Letter, facts: Facts, style: Style) -> None:
    message = compose(replace(letter, code=HIDDEN_CODE), facts, style, datetime.now(UTC))
    body = message.get_body(("plain",))
    click.echo(f"To: {message['To']}\nSubject: {message['Subject']}\nMessage-ID: {message['Message-ID']}\n")
    click.echo(body.get_content() if body else "")


def _relay(smtp: str, security: str, user: str, password: str, ca_file: Path | None) -> Relay:
    host, _, port = smtp.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 1 << 16:
        raise MailProblem(f"{smtp!r} is no mail server. Write host and port, like mail.example.org:587")
    relay = Relay(host.strip("[]"), int(port), security, user, password, ca_file)
    relay.check()
    return relay
