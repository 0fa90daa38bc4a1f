"""The commands check, receipt, audit, petition, fetch. Exit 0: all is well; 1: something is wrong; 2: no file."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from .audit import check_audit
from .certificate import LEAST_BITS
from .check import check_record
from .context import Options, Watch
from .errors import Missing, VerifierError
from .fetch import fetch_record, record_url
from .folder import MEGABYTE, read_bounded
from .petition import check_petition
from .petition_fetch import fetch_petition, is_petition
from .receipt import check_documents
from .render import (
    petition_json,
    plain,
    report_json,
    show_audit,
    show_petition,
    show_report,
    show_verdicts,
    verdicts_json,
)

LONGEST_PAPER = 64 * MEGABYTE
ANY_PATH = click.Path(path_type=Path)
_test_keys_option = click.option(
    "--allow-test-keys", is_flag=True, help="Do not warn of a key that is too short for an election in earnest."
)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _progress(quiet: bool) -> Iterator[Watch]:
    """Show bars on standard error for whatever reports how far it has come."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=quiet) as progress:
        tasks: dict[str, TaskID] = {}

        def watch(what: str, done: int, total: int | None) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(plain(what), total=total)
            progress.update(tasks[what], completed=done, total=total)

        yield watch


def _split_papers(papers: tuple[Path, ...], record: Path | None) -> tuple[Path, list[Path]]:
    """Tell the record's folder from the files; it may stand among the papers, in any place."""
    folders = [paper for paper in papers if paper.is_dir()] + ([record] if record else [])
    files = [paper for paper in papers if not paper.is_dir()]
    if len(folders) != 1 or not files:
        raise click.UsageError("give at least one file, and one folder that holds the record")
    return folders[0], files


def _warn_of_test_key(bits: int, allowed: bool) -> None:
    if bits < LEAST_BITS and not allowed:
        click.echo(f"Note: this election's key has {bits} bits only. It is a test: it protects nothing.", err=True)


def _leave(code: int) -> None:
    raise SystemExit(code)


def _print_json(value: dict[str, Any]) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


@contextmanager
def _said_to_people() -> Iterator[None]:
    """Turn what cannot go on into one sentence and an exit code."""
    try:
        yield
    except Missing as reason:
        click.echo(plain(f"Missing: {reason}"), err=True)
        _leave(2)
    except (VerifierError, OSError) as reason:
        click.echo(plain(f"Failed: {reason}"), err=True)
        _leave(1)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Check a published election or petition, your own receipt, or an audited ballot, without trusting anybody."""


@main.command()
@click.argument("folder", type=ANY_PATH)
@click.option("--allow-test-keys", is_flag=True, help="Accept a key that is too short for an election in earnest.")
@click.option("--until", type=click.Choice(["close"]), help="The tally is not published yet: check up to the close.")
@click.option("--election", default="", metavar="F", help="The election's fingerprint as announced; compare with it.")
@click.option("--since", type=ANY_PATH, help="A checkpoint kept from earlier; the log must continue it.")
@click.option("--jobs", type=click.IntRange(1, 1024), help="Processes to use; as many as there are cores by default.")
@click.option("--batch", type=click.IntRange(1), default=None, help="Ballots whose proofs are checked together.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def check(
    folder: Path,
    allow_test_keys: bool,
    until: str | None,
    election: str,
    since: Path | None,
    jobs: int | None,
    batch: int | None,
    as_json: bool,
) -> None:
    """Check the whole record in FOLDER."""
    with _said_to_people():
        options = Options(
            allow_test_keys=allow_test_keys,
            until_close=until == "close",
            election=election,
            since=read_bounded(since, MEGABYTE) if since else None,
            jobs=jobs or _cores(),
            batch=batch or 0,
        )
        with _progress(quiet=as_json) as watch:
            report = check_record(folder, options, watch)
        if as_json:
            _print_json(report_json(report))
        else:
            show_report(Console(highlight=False), report)
        _leave(report.exit_code)


@main.command()
@click.argument("papers", nargs=-1, required=True, type=ANY_PATH)
@click.option("--record", type=ANY_PATH, help="The record's folder; may also stand among the papers.")
@click.option("--against", multiple=True, type=ANY_PATH, help="A checkpoint from elsewhere to compare the record with.")
@_test_keys_option
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def receipt(
    papers: tuple[Path, ...], record: Path | None, against: tuple[Path, ...], allow_test_keys: bool, as_json: bool
) -> None:
    """Check receipts, promises or refusals by a record: was the ballot kept, and does it count?"""
    folder, files = _split_papers(papers, record)
    with _said_to_people():
        read = [(path.name, read_bounded(path, LONGEST_PAPER)) for path in files]
        checkpoints = [(path.name, read_bounded(path, MEGABYTE)) for path in against]
        consulted, verdicts = check_documents(folder, read, checkpoints)
        _warn_of_test_key(consulted.election.manifest.modulus_bits, allow_test_keys)
        fingerprint = consulted.election.fingerprint
        if as_json:
            _print_json(verdicts_json(verdicts, consulted.faults, fingerprint))
        else:
            show_verdicts(Console(highlight=False), verdicts, consulted.faults, fingerprint)
        _leave(1 if consulted.faults or any(verdict.failures for verdict in verdicts) else 0)


@main.command()
@click.argument("papers", nargs=-1, required=True, type=ANY_PATH)
@click.option("--record", type=ANY_PATH, help="The record's folder; may also stand among the papers.")
@_test_keys_option
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def audit(papers: tuple[Path, ...], record: Path | None, allow_test_keys: bool, as_json: bool) -> None:
    """Recompute the audited ballot in a file from its openings, and read what it says."""
    folder, files = _split_papers(papers, record)
    if len(files) != 1:
        raise click.UsageError("give one audited ballot at a time")
    with _said_to_people():
        found = check_audit(read_bounded(files[0], LONGEST_PAPER), folder)
        _warn_of_test_key(found.modulus_bits, allow_test_keys)
        if as_json:
            _print_json(
                {
                    "passed": not found.failures,
                    "tracker": found.tracker,
                    "voter_number": found.voter_number,
                    "says": [{"contest": title, "choices": choices} for title, choices in found.says],
                    "facts": dict(found.facts),
                    "failures": found.failures,
                }
            )
        else:
            show_audit(Console(highlight=False), found)
        _leave(1 if found.failures else 0)


@main.command()
@click.argument("folder", type=ANY_PATH)
@click.option("--receipt", type=ANY_PATH, help="A signer's receipt: is the signature on the log, and does it count?")
@click.option("--since", type=ANY_PATH, help="A checkpoint kept from earlier; the log must continue it.")
@click.option("--election", type=ANY_PATH, help="The record of the election whose voters sign: is its roll this one?")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def petition(folder: Path, receipt: Path | None, since: Path | None, election: Path | None, as_json: bool) -> None:
    """Check a petition's record in FOLDER: every signature, every removal, and the count."""
    with _said_to_people():
        papers = [read_bounded(path, MEGABYTE) if path else None for path in (since, receipt)]
        report = check_petition(folder, since=papers[0], receipt=papers[1], election=election)
        if as_json:
            _print_json(petition_json(report))
        else:
            show_petition(Console(highlight=False), report)
        _leave(report.exit_code)


@main.command()
@click.argument("url")
@click.argument("folder", type=ANY_PATH)
@click.option("--quiet", is_flag=True, help="No progress bars.")
def fetch(url: str, folder: Path, quiet: bool) -> None:
    """Download the record at URL (or of the election's page at URL) into FOLDER; run again to go on or to catch up.

    The record of a petition is downloaded in the same way, from its page's address.
    """
    with _said_to_people():
        record_url(url)
        if is_petition(url):
            with _progress(quiet=quiet) as watch:
                size = fetch_petition(url, folder, watch)
            click.echo(f"{size:,} entries are in {folder}. Nothing of it is checked yet: now run")
            click.echo(f"  python -m verifier petition {folder}")
            return
        with _progress(quiet=quiet) as watch:
            entries, ballots = fetch_record(url, folder, watch)
        click.echo(
            f"{entries:,} entries and {ballots:,} ballots are in {folder}. Nothing of it is checked yet: now run"
        )
        click.echo(f"  python -m verifier check {folder}")
