"""Showing findings to people on a terminal, and to programs as JSON."""

import unicodedata
from typing import Any

from rich.console import Console
from rich.text import Text

from .audit import Audit
from .petition import PetitionReport, counted_words
from .receipt import Verdict
from .report import Report

SHOWN = 12
"""So many failures of one part are shown on a terminal; --json gives more."""
HARMLESS = "\u200c\u200d"  # joiners that Persian and Indic scripts need


def plain(text: object) -> str:
    """Take out of a text from a record whatever could steer a terminal or reorder a line."""
    return "".join(
        character if character in HARMLESS or unicodedata.category(character) not in ("Cc", "Cf", "Cs") else "�"
        for character in str(text)
    )


def report_json(report: Report) -> dict[str, Any]:
    """Return a report as plain values; the names of checks and parts are stable."""
    return {
        "passed": report.exit_code == 0,
        "exit_code": report.exit_code,
        "election": report.election,
        "annulled": report.annulled,
        "failed": report.failed_checks(),
        "checks": _checks_json(report),
        "results": report.results,
        "notes": report.notes,
    }


def petition_json(report: PetitionReport) -> dict[str, Any]:
    """Return a report on a petition as plain values."""
    return {
        "passed": report.exit_code == 0,
        "exit_code": report.exit_code,
        "petition": report.petition,
        "roll": {"election": report.roll.election, "sha256": report.roll.sha256} if report.roll else None,
        "entries": report.size,
        "counted": report.counted,
        "removed": report.removed,
        "failed": report.failed_checks(),
        "checks": _checks_json(report),
        "notes": report.notes,
    }


def show_petition(console: Console, report: PetitionReport) -> None:
    """Print a report on a petition."""
    name = f"{plain(report.title)}\nPetition {report.petition or 'unknown'}"
    console.print(Text(name, style="bold"), soft_wrap=True)
    if report.roll:
        console.print(f"Voters of the election {report.roll.election}", soft_wrap=True)
        console.print(f"on the roll with the SHA-256 {report.roll.sha256}", soft_wrap=True)
    show_checks(console, report)
    total = sum(report.counted.values())
    console.print()
    _line(console, f"{total:,}", "bold", f"signatures stand: {counted_words(report.counted)}.")
    for reason, number in report.removed.items():
        _line(console, f"{number:,}", "bold", f"do not: {reason}.")
    for note in report.notes:
        _line(console, "Note:", "yellow", note)
    if report.exit_code == 0:
        _line(console, "PASSED.", "bold green", "The count follows from the log.")
    else:
        incomplete = "A file is missing. " if report.exit_code == 2 else ""
        failed = f"{incomplete}Do not rely on this count. Failed: {', '.join(report.failed_checks())}."
        _line(console, "FAILED.", "bold red", failed)


def _checks_json(report: Report) -> list[dict[str, Any]]:
    checks = []
    for check, parts in report.checks.items():
        listed = []
        for part, what in parts.items():
            name = f"{check}: {part}"
            failures = report.why_failed(name)
            listed.append(
                {
                    "part": part,
                    "what": what,
                    "passed": not failures,
                    "due": name not in report.not_due,
                    "looked_at": report.looked_at.get(name, 0),
                    "failures": [
                        {"place": failure.place, "entry": failure.entry, "reason": failure.reason}
                        for failure in failures
                    ],
                    "more_failures": report.untold.get(name, 0),
                }
            )
        passed = all(part["passed"] for part in listed)
        checks.append({"check": check, "passed": passed, "parts": listed})
    return checks


def _line(console: Console, mark: str, style: str, text: str, indent: int = 0) -> None:
    line = Text(" " * indent)
    line.append(mark + " ", style=style)
    line.append(plain(text))
    console.print(line, soft_wrap=True)


def _show_failures(console: Console, report: Report, name: str) -> None:
    failures = report.why_failed(name)
    for failure in failures[:SHOWN]:
        place = f"{failure.place}: " if failure.place else ""
        _line(console, "-", "red", f"{place}{failure.reason}", indent=8)
    more = len(failures) - SHOWN + report.untold.get(name, 0)
    if more > 0:
        _line(console, "-", "red", f"and {more} more of the kind", indent=8)


def show_report(console: Console, report: Report) -> None:
    """Print a report: a line for each part, failures below it, and a last line that says it all."""
    console.print(Text(f"{plain(report.title)}\nElection {report.election or 'unknown'}", style="bold"), soft_wrap=True)
    show_checks(console, report)
    for contest in report.results:
        _show_result(console, contest)
    console.print()
    for note in report.notes:
        _line(console, "Note:", "yellow", note)
    _show_verdict(console, report)


def show_checks(console: Console, report: Report) -> None:
    """Print a line for each part, and failures below it."""
    for check, parts in report.checks.items():
        console.print(Text(f"\n{check}", style="bold"))
        reasons = {report.stopped.get(f"{check}: {part}", "") for part in parts}
        if len(reasons) == 1 and "" not in reasons:
            _line(console, "FAIL", "bold red", f"could not be checked: {reasons.pop()}", indent=2)
            continue
        for part, what in parts.items():
            name = f"{check}: {part}"
            looked = report.looked_at.get(name, 0)
            if report.why_failed(name):
                _line(console, "FAIL", "bold red", f"{part}: {what} ({looked:,} looked at)", indent=2)
                _show_failures(console, report, name)
            elif name in report.not_due:
                _line(console, "--  ", "yellow", f"{part}: {report.not_due[name]}", indent=2)
            else:
                _line(console, "pass", "green", f"{part}: {what} ({looked:,} looked at)", indent=2)


def _show_result(console: Console, contest: dict[str, Any]) -> None:
    console.print(Text(f"\n{plain(contest['title'])} ({plain(contest['contest'])})", style="bold"), soft_wrap=True)
    console.print(f"  {contest['ballots']:,} ballots of weight {contest['weight']:,} counted", highlight=False)
    for name, total in zip(contest["names"], contest["totals"], strict=False):
        console.print(Text(f"  {total:>12,}  {plain(name)}"), soft_wrap=True)
    labels = dict(zip(contest["options"], contest["labels"], strict=True))
    for said in ("elected", "tied"):
        if contest[said]:
            names = ", ".join(labels.get(id_, id_) for id_ in contest[said])
            console.print(Text(f"  {said}: {plain(names)}", style="bold"), soft_wrap=True)


def _show_verdict(console: Console, report: Report) -> None:
    failed = report.failed_checks()
    if report.exit_code == 0:
        annulled = " as far as it goes; the election was ANNULLED" if report.annulled else ""
        _line(console, "PASSED.", "bold green", f"Every check that is due passed{annulled}.")
        return
    if report.exit_code == 2:
        text = "A file is missing, or is no JSON at all, so this cannot be called a record."
        _line(console, "INCOMPLETE.", "bold red", f"{text} Failed: {', '.join(failed)}.")
        return
    _line(console, "FAILED.", "bold red", f"Do not rely on this result. Failed: {', '.join(failed)}.")


def show_verdicts(console: Console, verdicts: list[Verdict], faults: list[str], election: str) -> None:
    """Print what was found about receipts, promises, refusals and checkpoints."""
    console.print(Text(f"Election {election}", style="bold"), soft_wrap=True)
    for verdict in verdicts:
        style, mark = ("bold red", "FAIL") if verdict.failures else ("green", "good")
        _line(console, mark, style, f"{verdict.kind} {verdict.name}")
        for label, text in verdict.facts:
            _line(console, f"{label}:", "cyan", text, indent=5)
        for reason in verdict.failures:
            _line(console, "-", "red", reason, indent=5)
    for fault in faults[:SHOWN]:
        _line(console, "The record itself is at fault:", "bold red", fault)
    _line(console, "Note:", "yellow", 'only these papers were looked at; "check" goes through the whole record.')


def verdicts_json(verdicts: list[Verdict], faults: list[str], election: str) -> dict[str, Any]:
    """Return the same as plain values."""
    return {
        "passed": not faults and not any(verdict.failures for verdict in verdicts),
        "election": election,
        "record_faults": faults,
        "papers": [
            {"name": v.name, "kind": v.kind, "passed": not v.failures, "facts": dict(v.facts), "failures": v.failures}
            for v in verdicts
        ],
    }


def show_audit(console: Console, audit: Audit) -> None:
    """Print what an audited ballot says."""
    _line(console, "Tracker:", "cyan", audit.tracker)
    _line(console, "Voter number:", "cyan", audit.voter_number)
    for title, choices in audit.says:
        console.print(Text(f"\n{plain(title)}", style="bold"), soft_wrap=True)
        for choice in choices:
            console.print(Text(f"  {plain(choice)}"), soft_wrap=True)
    console.print()
    for label, text in audit.facts:
        _line(console, f"{label}:", "cyan", text)
    for reason in audit.failures:
        _line(console, "FAIL", "bold red", reason)
    if not audit.failures:
        text = "Compare tracker, voter number and choices with what it showed before you asked for the audit."
        _line(console, "The device told the truth.", "bold green", text)
