"""Checks on the log and on the stored ballots."""

import hashlib
from collections.abc import Iterator

from gmpy2 import mpz

from .ballot import longest_line
from .checkpoint import Checkpoint, parse_checkpoint
from .codec import encode_bytes
from .context import Context
from .entries import BallotBody
from .errors import CannotRun, Refused
from .replay import OPENING, Replay, read_entries
from .report import Findings
from .stored import Expected, Setup, batches_of, check_batch

BRANCHES_A_BATCH = 24_000
"""More make a batch a little quicker for each branch, but need memory: about 3 kB a branch at 3072 bits."""
WORTH_A_PROCESS = 2_000
"""With fewer branches in a record, starting other processes takes longer than it saves."""
TELL_EVERY = 500

LOG_PARTS = (
    "1 encoding: log",
    "3 log: order",
    "3 log: times",
    "3 log: window",
    "3 log: closing",
    "4 opening: manifest",
    "4 opening: key",
    "4 opening: roll",
    "4 opening: keys",
    "4 opening: open",
    "5 ballots: voter",
    "5 ballots: previous",
    "5 ballots: trackers",
    "7 counted: standing",
)


def follow_log(context: Context) -> None:
    """Go through the log, entry by entry."""
    report = context.report
    since = _read_since(context)
    with report.stage(*LOG_PARTS):
        replay = Replay(context.need_election(), report, frozenset({since.size} if since else ()))
        for number, _ in enumerate(replay.run(context.folder.lines("log")), 1):
            if number % TELL_EVERY == 0:
                context.watch("log entries", number, None)
        if replay.tree.size < len(OPENING):
            report.fail("3 log: order", f"the log has {replay.tree.size} entries; manifest, key, roll and open are due")
        if replay.close is None and replay.annulled is None:
            report.fail("3 log: closing", 'there is no "close" entry: the election has not been closed')
        for name in OPENING:
            if name not in replay.opening:
                report.fail(f"4 opening: {name}", "its entry is not where it must be on the log, or cannot be read")
        context.replay = replay
    with report.stage("3 log: checkpoint"):
        _check_checkpoint(context, context.need_replay())
    _check_since(context, since)


def _read_since(context: Context) -> Checkpoint | None:
    if context.options.since is None:
        context.report.excuse("no earlier checkpoint was given: --since", "3 log: since")
        return None
    since: Checkpoint | None = None
    with context.report.stage("3 log: since"), context.report.checking("3 log: since"):
        manifest = context.need_manifest()
        since = parse_checkpoint(context.options.since, manifest.log_origin, manifest.board_key)
    return since


def _check_since(context: Context, since: Checkpoint | None) -> None:
    if since is None:
        return
    with context.report.stage("3 log: since"), context.report.checking("3 log: since"):
        replay = context.need_replay()
        if since.size > replay.tree.size:
            raise Refused(f"that checkpoint covers {since.size} entries, but this log has {replay.tree.size} only")
        if replay.roots[since.size] != since.root:
            raise Refused(
                f"the first {since.size} entries are not those of that checkpoint: the board has signed two different "
                "logs. Keep both checkpoints; together they prove it"
            )


def _check_checkpoint(context: Context, replay: Replay) -> None:
    manifest = context.need_manifest()
    data = context.folder.read("checkpoint")
    with context.report.checking("3 log: checkpoint", "checkpoint"):
        checkpoint = parse_checkpoint(data, manifest.log_origin, manifest.board_key)
        if checkpoint.size != replay.tree.size:
            raise Refused(f"it covers {checkpoint.size} entries, but the log has {replay.tree.size}")
        if checkpoint.root != replay.tree.root():
            raise Refused("its root is not that of the log: an entry was changed, left out, added or moved")
    context.report.looked("3 log: checkpoint", replay.tree.size)


def check_tally_hash(context: Context) -> None:
    """Check that the log holds the hash of tally.json."""
    with context.report.stage("3 log: tally"):
        replay = context.need_replay()
        with context.report.checking("3 log: tally"):
            if replay.tally is None:
                raise Refused('the log has no "tally" entry')
        digest = hashlib.sha256(context.folder.read("tally.json")).digest()
        with context.report.checking("3 log: tally"):
            if replay.tally is not None and replay.tally.sha256 != encode_bytes(digest):
                raise Refused("the log's hash is not that of tally.json")


def _expected_ballots(context: Context, replay: Replay) -> Iterator[tuple[str, int, Expected]]:
    """Walk log and ballots side by side, yielding file, offset and what the log says of each stored ballot."""
    report, manifest = context.report, context.need_manifest()
    weights = context.count.indices if context.count else {}
    modulus = context.need_key().modulus
    longest = max((longest_line(ids, manifest.layouts, modulus) for ids in manifest.styles.values()), default=0)
    stored = context.folder.lines("ballots", max(longest, 1), keep=False)
    for index, (_, entry, has_ballot) in enumerate(read_entries(context.folder.lines("log"), Findings())):
        if not has_ballot:
            continue
        line = next(stored, None)
        if line is None:
            report.fail("5 ballots: stored", "the record has no stored ballot for it", entry=index)
            report.fail("6 proofs: equations", "could not be checked: there is no stored ballot", entry=index)
            continue
        body = entry.body if entry is not None and isinstance(entry.body, BallotBody) else None
        known = replay.known.get(body.voter) if body else None
        style = known.style if known else None
        expected = Expected(index, line.place, line.length, line.fault, body, style, weights.get(index, 0))
        yield line.file, line.offset, expected
    for line in stored:
        report.fail("5 ballots: stored", "a stored ballot has no entry on the log", line.place)


def check_ballots(context: Context) -> tuple[dict[str, list[mpz]], set[str]]:
    """Check all stored ballots.

    Returns:
        The products of the counted cells by contest, and the contests for which they are not complete.
    """
    report = context.report
    products: dict[str, list[mpz]] = {}
    missing: set[str] = set()
    parts = ["stored", "election", "shape", "signature"]
    with report.stage(
        "1 encoding: ballots",
        *(f"5 ballots: {part}" for part in parts),
        *(f"6 proofs: {part}" for part in ("ranges", "challenges", "equations")),
    ):
        replay, election = context.need_replay(), context.need_election()
        modulus, manifest = election.key.modulus, election.manifest
        if not modulus.n & 1:
            raise CannotRun("the modulus is such that nothing can be computed with it")
        setup = Setup(str(context.folder.path), context.manifest_bytes, int(modulus.n), election.fingerprint)
        largest = max(
            (sum(manifest.layouts[id_].branches for id_ in ids) for ids in manifest.styles.values()), default=1
        )
        small = replay.ballots * largest < WORTH_A_PROCESS
        share = -(-replay.ballots // (1 if small else context.workers.jobs))
        size = context.options.batch or max(1, min(BRANCHES_A_BATCH // max(1, largest), share))
        done = 0
        batches = batches_of(setup, _expected_ballots(context, replay), size)
        for checked in context.workers.map(check_batch, batches, here=small):
            report.add(checked.findings)
            missing |= checked.missing
            done += checked.ballots
            context.watch("ballots", done, replay.ballots)
            for contest, cells in checked.products.items():
                before = products.get(contest)
                products[contest] = (
                    cells if before is None else [a * b % modulus.square for a, b in zip(before, cells, strict=True)]
                )
    return products, missing
