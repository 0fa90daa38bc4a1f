"""What letters and mails say of an election, from its manifest and the options of the command."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

import click

from ballots import codec
from ballots.credentials import short_tracker
from ballots.election import load_election
from ballots.manifest import Manifest
from evote.locales.catalogue import spoken_languages
from evote.registrar.asking import FILE, election_option, manifest_options, say
from evote.registrar.errors import KeyProblem, LetterProblem
from evote.registrar.files import read
from evote.registrar.letters import AUTO, BOTH
from evote.registrar.words import Facts


def facts_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that letters and mails share."""
    for option in (
        click.option("--contact", default="", help="Who helps: office, telephone, mail. Strongly advised."),
        click.option(
            "--language",
            default=AUTO,
            show_default=True,
            type=click.Choice((AUTO, BOTH, *spoken_languages())),
            help="auto: each voter's own of the list, else the election's first; both: two languages at once.",
        ),
        click.option("--time-zone", "zone", default="UTC", show_default=True, help="Like Asia/Tehran."),
        click.option("--site", required=True, help="The voting site's address, https://…"),
        click.option("--key-document", type=FILE, help="key.json of the ceremony; with --roll it proves --election."),
        click.option("--roll", type=FILE, help="roll.jsonl, to prove --election."),
        election_option,
        manifest_options,
    ):
        command = option(command)
    return command


def make_facts(
    manifest_path: Path,
    allow_test_keys: bool,
    manifest: Manifest,
    election: str,
    roll: Path | None,
    key_document: Path | None,
    site: str,
    zone: str,
    contact: str,
) -> Facts:
    """Put the facts together.

    Raises:
        KeyProblem: The fingerprint is not that of manifest, key and roll.
        LetterProblem: Site or time zone make no sense.
    """
    site = site.rstrip("/")
    parts = urlsplit(site)
    local = parts.hostname in ("localhost", "127.0.0.1")
    if parts.scheme not in (("http", "https") if local else ("https",)) or not parts.hostname or parts.query:
        raise LetterProblem(f"{site!r} is no address of a voting site. Write it like https://vote.example.org")
    if zone not in available_timezones():
        raise LetterProblem(f"There is no time zone {zone!r}. Write one like Asia/Tehran or Europe/Berlin.")
    path = f"/elections/{manifest.id}"
    if manifest.log_origin != f"{site.split('://', 1)[1]}{path}":
        say(f"Note: the manifest was made at {manifest.log_origin}; the letters lead to {site}{path}.")
    if roll and key_document:
        loaded = load_election(read(manifest_path), read(key_document), read(roll), allow_test_keys=allow_test_keys)
        if loaded.fingerprint_text != election:
            raise KeyProblem(
                f"--election is {election}, but manifest, key and roll give {loaded.fingerprint_text}. Print nothing "
                "before you know why: ask the official and a trustee."
            )
    else:
        say("Note: the fingerprint is printed as you gave it. With --key-document and --roll it would be proved.")
    return Facts(
        title=manifest.title,
        description=manifest.description,
        opens_at=codec.parse_time(manifest.opens_at),
        closes_at=codec.parse_time(manifest.closes_at),
        zone=ZoneInfo(zone),
        fingerprint=election,
        short_fingerprint=short_tracker(election),
        site=site,
        path=path,
        contact=contact,
    )
