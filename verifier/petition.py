"""All checks of section 18.7 on a petition's record, and on a signer's receipt."""

from dataclasses import dataclass, field
from pathlib import Path

from . import codec, ed25519
from .checkpoint import Checkpoint, parse_checkpoint
from .errors import CannotRun, Malformed, Missing, Refused
from .petition_document import METHODS, Petition, PetitionFolder, RollSource, check_text, parse_petition, read_voters
from .petition_election import check_changes, check_source, read_electorate
from .petition_entries import REASONS, counts
from .petition_receipt import PetitionReceipt, judge_receipt, parse_petition_receipt
from .petition_replay import STRUCK, PetitionReplay
from .report import Report

PETITION_CHECKS: dict[str, dict[str, str]] = {
    "P1 encoding": {
        "files": "the folder holds the files of a petition's record and no others",
        "petition": "petition.json is canonical, complete and makes sense",
        "text": "text.json is the text that was signed",
        "roll": "the roll is the one that petition.json names",
        "log": "each line of the log is canonical and a known entry",
        "count": "count.json is canonical and complete",
    },
    "P2 log": {
        "checkpoint": "the board signed a checkpoint over every entry",
        "order": "entries are numbered, of this petition, and in an order that the protocol allows",
        "times": "times never go back",
        "since": "the log continues the checkpoint given with --since",
    },
    "P3 signatures": {
        "method": "people signed in ways that the petition allows",
        "confirmation": "each signature by mail or OIDC was confirmed with the token of its signed request",
        "window": "signatures were asked for and confirmed in time",
        "unique": "nobody signs twice, and no entry is a copy",
        "roll": "each credential that signed was on the roll and stood",
        "credential": "each credential signed for itself",
        "election": "roll, registrar, strikes and replacements are those of the election given with --election",
    },
    "P4 changes": {
        "removals": "removals and restorings name signatures, by those who may",
        "registrar": "credentials were struck and replaced by the registrar",
        "closing": "the petition was extended and closed in time",
    },
    "P5 count": {
        "close": "the count at the close follows from the log",
        "published": "the published count follows from the log, and the board signed it",
    },
    "P6 receipt": {
        "promise": "the receipt is of this petition, and the board promised the entry",
        "opening": "the commitment hides what the receipt says",
        "inclusion": "the log has the entry where the receipt says, and continues its checkpoint",
    },
}
CANNOT = (
    "This shows that the count follows from the log. It does not show that mailboxes belong to people: whoever holds "
    "many can sign many times, and a server can invent mailboxes and confirm them itself. Signatures by the roll are "
    "bound to voters, one each.",
    "Whoever has the key of the nullifiers, as the server's operator does, can find out whether an address that they "
    "try has signed.",
    "A signature dropped before it was confirmed, or a whole other log shown to others, is not visible in one record: "
    "keep receipts and checkpoints, and give them with --receipt and --since.",
)

NOT_COMPARED = (
    "Whose roll this is, only the petition's board says. Compare the election's fingerprint with the one announced to "
    "its voters, or give the election's record with --election. Without it nobody sees a voter who was added, or a "
    "strike that was left out."
)
COMPARED = (
    "The election's record was compared with, not checked: run `python -m verifier check` on it, with the fingerprint "
    "announced to its voters."
)
LATER = (
    "The election's log has {number:,} more strikes or replacements than the petition's: right if they came after "
    "the petition's log was closed or fetched."
)


@dataclass
class PetitionReport(Report):
    """A report on a petition's record.

    Attributes:
        counted: what stands, by method.
        removed: what does not, by reason.
        receipt: what there is to say about the receipt, as (label, text) pairs.
        roll: whose voters may sign, if any.
    """

    petition: str = ""
    size: int = 0
    counted: dict[str, int] = field(default_factory=dict)
    removed: dict[str, int] = field(default_factory=dict)
    receipt: list[tuple[str, str]] = field(default_factory=list)
    roll: RollSource | None = None


@dataclass
class _Run:
    folder: PetitionFolder
    report: PetitionReport
    since: bytes | None
    receipt: bytes | None
    election: Path | None
    petition: Petition | None = None
    replay: PetitionReplay | None = None
    earlier: Checkpoint | None = None
    paper: PetitionReceipt | None = None

    def need_petition(self) -> Petition:
        if self.petition is None:
            raise CannotRun("petition.json cannot be used")
        return self.petition

    def need_replay(self) -> PetitionReplay:
        if self.replay is None:
            raise CannotRun("the log was not gone through")
        return self.replay


def check_petition(
    path: Path, since: bytes | None = None, receipt: bytes | None = None, election: Path | None = None
) -> PetitionReport:
    """Check a petition's record.

    Args:
        path: the record's folder.
        since: the bytes of an earlier checkpoint, or None.
        receipt: the bytes of a signer's receipt, or None.
        election: the folder of the record of the election whose voters sign, or None.

    Raises:
        Missing: there is no such folder.
    """
    run = _Run(PetitionFolder(path), PetitionReport(checks=PETITION_CHECKS), since, receipt, election)
    _read_documents(run)
    _read_papers(run)
    _follow(run)
    _check_head(run)
    _check_since(run)
    _check_count(run)
    _check_receipt(run)
    _check_election(run)
    _check_files(run)
    run.report.notes.extend(CANNOT)
    return run.report


def _read_documents(run: _Run) -> None:
    report, folder = run.report, run.folder
    with report.stage("P1 encoding: petition"), report.checking("P1 encoding: petition", "petition.json"):
        run.petition = parse_petition(folder.read("petition.json"))
        report.petition, report.roll = run.petition.hash, run.petition.roll
    text = "P1 encoding: text"
    with report.stage(text):
        try:
            data = folder.read("text.json")
        except Missing:
            report.excuse("the text is not in the record: it was taken down", text)
            report.notes.append("The petition's text is missing. Only its hash shows what people signed.")
            return
        with report.checking(text, "text.json"):
            report.title = check_text(data, run.need_petition())


def _read_papers(run: _Run) -> None:
    report = run.report
    if run.since is None:
        report.excuse("no earlier checkpoint was given: --since", "P2 log: since")
    else:
        with report.stage("P2 log: since"), report.checking("P2 log: since"):
            petition = run.need_petition()
            run.earlier = parse_checkpoint(run.since, petition.log_origin, petition.board_key)
    parts = [f"P6 receipt: {part}" for part in PETITION_CHECKS["P6 receipt"]]
    if run.receipt is None:
        report.excuse("no receipt was given: --receipt", *parts)
        return
    with report.stage(*parts), report.checking(parts[0]):
        run.paper = parse_petition_receipt(run.receipt, run.need_petition())


def _follow(run: _Run) -> None:
    report = run.report
    names = ("P1 encoding", "P3 signatures", "P4 changes")
    parts = [f"{check}: {part}" for check in names[1:] for part in PETITION_CHECKS[check]]
    parts += ["P1 encoding: roll", "P1 encoding: log", "P2 log: order", "P2 log: times", "P5 count: close"]
    with report.stage(*parts):
        petition = run.need_petition()
        voters = read_voters(run.folder, petition.roll, report) if petition.roll else set[str]()
        if petition.roll is None:
            report.excuse("nobody signs by a roll here", "P1 encoding: roll")
        sizes = {head.size for head in (run.earlier, run.paper.checkpoint if run.paper else None) if head}
        indices = {run.paper.index} if run.paper and run.paper.index is not None else set[int]()
        replay = PetitionReplay(petition, report, voters, frozenset(sizes), frozenset(indices))
        replay.run(run.folder.lines("log"))
        if not replay.tree.size:
            report.fail("P2 log: order", "the log is empty; it begins with the petition")
        run.replay = replay
        report.counted, report.removed, report.size = replay.counted(), replay.removed(), replay.tree.size
        if not replay.closed:
            report.excuse("the petition is not closed yet", "P5 count: close")


def _check_head(run: _Run) -> None:
    part = "P2 log: checkpoint"
    with run.report.stage(part):
        petition, replay = run.need_petition(), run.need_replay()
        data = run.folder.read("checkpoint")
        with run.report.checking(part, "checkpoint"):
            head = parse_checkpoint(data, petition.log_origin, petition.board_key)
            if head.size != replay.tree.size:
                raise Refused(f"it covers {head.size} entries, but the log has {replay.tree.size}")
            if head.root != replay.tree.root():
                raise Refused("its root is not that of the log: an entry was changed, left out, added or moved")
        run.report.looked(part, replay.tree.size)


def _continues(earlier: Checkpoint, replay: PetitionReplay, what: str) -> None:
    if earlier.size > replay.tree.size:
        raise Refused(f"{what} covers {earlier.size} entries, this log has {replay.tree.size}: fetch a newer record")
    if replay.roots[earlier.size] != earlier.root:
        raise Refused(f"the log does not begin with the {earlier.size} entries of {what}: the board signed two logs")


def _check_since(run: _Run) -> None:
    if run.earlier is None:
        return
    with run.report.stage("P2 log: since"), run.report.checking("P2 log: since"):
        _continues(run.earlier, run.need_replay(), "the earlier checkpoint")


def _check_count(run: _Run) -> None:
    report, encoding, published = run.report, "P1 encoding: count", "P5 count: published"
    with report.stage(encoding, published):
        petition, replay = run.need_petition(), run.need_replay()
        data = run.folder.read("count.json")
        names = ("petition", "size", "time", "counted", "removed", "signature")
        with report.checking(encoding, "count.json"):
            value = codec.parse(data)
            of, size, time, counted, removed, signature = codec.fields(value, *names)
            said = {name: codec.integer(number, 1) for name, number in codec.mapping(removed).items()}
            if unknown := sorted(set(said) - {*REASONS, STRUCK}):
                raise Malformed(f'the reason "{unknown[0][:40]}" is not known')
            codec.decode_bytes(signature, ed25519.SIGNATURE_BYTES)
            moment, by_method = codec.decode_time(time), counts(counted)
            with report.checking(published, "count.json"):
                if of != petition.hash or codec.integer(size) != replay.tree.size:
                    raise Refused("it is of another petition, or of a log of another size")
                if replay.time is not None and moment < replay.time:
                    raise Refused("it is older than the last entry")
                if by_method != replay.counted():
                    raise Refused(f"it says {by_method}, but {replay.counted()} stand on the log")
                if said != replay.removed():
                    raise Refused(f"it says that {said} were removed, but the log says {replay.removed()}")
                signed = {name: item for name, item in codec.mapping(value).items() if name != "signature"}
                ed25519.verify(petition.board_key, "evote/1/petition-count", signed, codec.text(signature))


def _check_receipt(run: _Run) -> None:
    paper, report = run.paper, run.report
    if paper is None:
        return
    part = "P6 receipt: inclusion"
    with report.stage(part):
        replay = run.need_replay()
        with report.checking(part):
            if paper.checkpoint is not None:
                _continues(paper.checkpoint, replay, "the receipt's checkpoint")
        judge_receipt(paper, replay, report)


def _check_election(run: _Run) -> None:
    report, part = run.report, "P3 signatures: election"
    if run.election is None:
        report.excuse("no election's record was given: --election", part)
        if report.roll is not None:
            report.notes.append(NOT_COMPARED)
        return
    with report.stage(part), report.checking(part):
        source = run.need_petition().roll
        if source is None:
            raise Refused("nobody signs by a roll here, so there is no election to compare with")
        electorate = read_electorate(run.election)
        check_source(source, electorate)
        later = check_changes(run.need_replay().changes, electorate)
        report.notes.append(COMPARED)
        if later:
            report.notes.append(LATER.format(number=later))


def _check_files(run: _Run) -> None:
    report, folder, part = run.report, run.folder, "P1 encoding: files"
    with report.stage(part):
        if folder.files.get("log") and "log" not in folder.counted:
            for _ in folder.lines("log", keep=False):
                pass
        report.looked(part, folder.present + len(folder.strangers))
        for name in folder.missing:
            report.incomplete = True
            report.fail(part, "the file is missing", name)
        for name in folder.strangers:
            report.fail(part, "a petition's record has no such file, or it is no regular file", name)
        for name, fault in folder.faults.items():
            report.fail(part, fault, name)
        has_roll = (folder.path / "roll.jsonl").exists()
        if has_roll and run.petition is not None and run.petition.roll is None:
            report.fail(part, "nobody signs by a roll here, so there is none in the record", "roll.jsonl")


def counted_words(counted: dict[str, int]) -> str:
    """Write a count by method for a person."""
    return ", ".join(f"{counted.get(method, 0):,} by {method}" for method in METHODS)
