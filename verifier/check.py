"""All checks of section 10 on one record, in their order, going on after a failure."""

from pathlib import Path

from .context import Context, Options, Watch
from .folder import SERIES, RecordFolder
from .opening import check_key, read_election, read_key, read_manifest
from .report import Report
from .tallying import check_intents, check_tally, count_ballots, excuse_what_is_not_due
from .voting import check_ballots, check_tally_hash, follow_log
from .workers import Workers


def _tell_nobody(what: str, done: int, total: int | None) -> None:
    """Watch nothing."""


def _check_files(context: Context, tally_due: bool) -> None:
    report, folder, part = context.report, context.folder, "1 encoding: files"
    with report.stage(part):
        for series in SERIES:
            if folder.files.get(series) and series not in folder.counted:
                for _ in folder.lines(series, keep=False):
                    pass
        report.looked(part, folder.present + len(folder.strangers))
        for name in folder.missing + (["tally.json"] if tally_due and not folder.has_tally else []):
            report.incomplete = True
            report.fail(part, "the file is missing", name)
        for name in folder.strangers:
            report.fail(part, "a record has no such file, or it is no regular file", name)
        for name, fault in folder.faults.items():
            report.fail(part, fault, name)
        replay = context.replay
        if replay is not None and replay.annulled is not None and replay.tally is None and folder.has_tally:
            report.fail(part, "an annulled election has no tally", "tally.json")


def check_record(path: Path, options: Options, watch: Watch = _tell_nobody) -> Report:
    """Check a record.

    Args:
        path: the record's folder.
        options: what is asked for.
        watch: told how far long work has come.

    Raises:
        Missing: there is no such folder.
    """
    with Workers(options.jobs) as workers:
        context = Context(RecordFolder(path), options, watch, workers)
        read_manifest(context)
        read_key(context)
        check_key(context)
        read_election(context)
        follow_log(context)
        tally_due = excuse_what_is_not_due(context)
        count_ballots(context)

        products, missing = check_ballots(context)
        signers = check_intents(context, tally_due)
        if tally_due:
            check_tally_hash(context)
            check_tally(context, signers, products, missing)
        _check_files(context, tally_due)
    if not options.election and context.report.election:
        context.report.notes.append(
            "This is the election with the fingerprint shown. Compare it with the one announced to voters, "
            "or give that one with --election."
        )
    return context.report
