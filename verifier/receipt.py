"""What voters hold in their hands: receipts, promises and refusals of the board (section 7)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from . import codec, ed25519
from .checkpoint import Checkpoint
from .codec import Json
from .consult import Reader, Record
from .ed25519 import KEY_BYTES, SIGNATURE_BYTES
from .entries import BallotBody, Entry
from .errors import Malformed, Refused, VerifierError
from .merkle import root_from_inclusion

FIELDS = {
    "receipt": ("election", "voter", "tracker", "index", "time", "leaf_hash", "checkpoint", "inclusion_proof"),
    "promise": ("election", "tracker", "time"),
    "refusal": ("election", "tracker", "reason", "time"),
}


@dataclass(frozen=True)
class Document:
    """A paper that the board signed; its fields have the right types, its signature is not yet checked."""

    name: str
    kind: str
    value: dict[str, Json]
    signature: str

    def text(self, field_name: str) -> str:
        """Return a field that is a string."""
        return codec.text(self.value[field_name])


@dataclass
class Verdict:
    """What can be said about one paper.

    Attributes:
        facts: what it shows, as (label, text) pairs.
        failures: what is wrong, as sentences; empty if all is well.
    """

    name: str
    kind: str
    facts: list[tuple[str, str]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def parse_document(file: str, data: bytes) -> Document:
    """Read a receipt, a promise or a refusal; spaces and line ends in the file do not matter.

    Raises:
        Malformed: it is none of them.
    """
    value = codec.mapping(codec.read_json(data))
    kind = next((kind for kind, names in FIELDS.items() if set(value) == {*names, "signature"}), "")
    if not kind:
        raise Malformed("it is no receipt, promise or refusal: its fields are those of none of them")
    for digest in ("election", "tracker", "leaf_hash"):
        if digest in value:
            codec.decode_bytes(value[digest], codec.HASH_BYTES)
    codec.decode_time(value["time"])
    codec.decode_bytes(value["signature"], SIGNATURE_BYTES)
    if kind == "receipt":
        codec.decode_bytes(value["voter"], KEY_BYTES)
        codec.integer(value["index"])
        codec.text(value["checkpoint"])
        for node in codec.array(value["inclusion_proof"]):
            codec.decode_bytes(node, codec.HASH_BYTES)
    elif kind == "refusal":
        codec.text(value["reason"])
    return Document(file, kind, {name: value[name] for name in FIELDS[kind]}, codec.text(value["signature"]))


def _check_signature(document: Document, reader: Reader) -> None:
    if document.value["election"] != reader.election.fingerprint:
        raise Refused(f"it is of the election {document.text('election')}, not of this record's")
    key = reader.election.manifest.board_key
    ed25519.verify(key, f"evote/1/{document.kind}", document.value, document.signature)


def _check_inclusion(document: Document, checkpoint: Checkpoint) -> None:
    proof = [codec.decode_bytes(node, codec.HASH_BYTES) for node in codec.array(document.value["inclusion_proof"])]
    leaf = codec.decode_bytes(document.value["leaf_hash"], codec.HASH_BYTES)
    index = codec.integer(document.value["index"])
    if root_from_inclusion(leaf, index, checkpoint.size, proof) != checkpoint.root:
        raise Refused("its proof does not lead to the root that the board signed in it")


def check_continues(checkpoint: Checkpoint, record: Record, what: str) -> None:
    """Check that the record's log continues a log that the board has signed before.

    Raises:
        Refused: it does not, or the record is the older one.
    """
    size = record.replay.tree.size
    if checkpoint.size > size:
        raise Refused(
            f"{what} covers {checkpoint.size} entries, this record has {size} only: the record is older, or was cut "
            "short. Fetch a newer one"
        )
    if record.replay.roots[checkpoint.size] != checkpoint.root:
        raise Refused(
            f"the record does not begin with the {checkpoint.size} entries of {what}: the board has signed two "
            "different logs. Keep both; together they prove it"
        )


def _check_entry(document: Document, record: Record) -> None:
    index = codec.integer(document.value["index"])
    entry = record.entries.get(index)
    leaf = record.replay.leaves.get(index)
    if leaf is None:
        raise Refused(f"the record has no entry {index}")
    if codec.encode_bytes(leaf) != document.value["leaf_hash"] or entry is None:
        raise Refused(f"entry {index} of the record is another one than the receipt's")
    if not isinstance(entry.body, BallotBody):
        raise Refused(f"entry {index} of the record is no ballot")
    shown = {"voter": entry.body.voter, "tracker": entry.body.tracker}
    if any(document.value[name] != value for name, value in shown.items()) or not _same_time(document, entry):
        raise Refused(f"entry {index} of the record has another voter, tracker or time than the receipt")


def _same_time(document: Document, entry: Entry) -> bool:
    return codec.decode_time(document.value["time"]) == entry.time


def _standing(document: Document, record: Record) -> str:
    """Say whether a ballot on the log counts, and if not, why."""
    replay, voter = record.replay, document.text("voter")
    index, tracker = replay.latest.get(voter, (-1, ""))
    if replay.annulled is not None:
        return "no: the election was annulled"
    if voter not in replay.standing:
        return "no: the credential was replaced or struck"
    if tracker != document.value["tracker"]:
        later = codec.short_form(codec.decode_bytes(tracker, codec.HASH_BYTES)) if tracker else ""
        return f"no: superseded by the same voter's later ballot, entry {index}, tracker {later}"
    return "yes" if replay.close is not None else "yes, unless the voter votes again: the election is not closed yet"


def _judge_receipt(document: Document, reader: Reader, record: Record, verdict: Verdict) -> None:
    voter = document.text("voter")
    verdict.facts += [
        ("voter number", codec.voter_number(voter)),
        ("entry", f"{document.value['index']}, accepted {document.value['time']}"),
    ]
    checkpoint = reader.checkpoint(document.text("checkpoint").encode())
    _check_inclusion(document, checkpoint)
    _check_entry(document, record)
    check_continues(checkpoint, record, "the receipt's checkpoint")
    verdict.facts.append(("counts", _standing(document, record)))


def _judge_promise(document: Document, record: Record, refused: set[str], verdict: Verdict) -> None:
    tracker = document.text("tracker")
    entries = record.naming(tracker, "ballot")
    if entries and tracker in refused:
        raise Refused("the board both refused this ballot and put it on the log. Keep both papers; they convict it")
    if entries:
        verdict.facts.append(("kept", f"the ballot is entry {entries[0].index}"))
        if not _same_time(document, entries[0]):
            raise Refused("the log gives another time of acceptance than the promise. Keep the promise; it proves it")
    elif tracker in refused:
        verdict.facts.append(("kept", "the ballot was refused, with a reason that the board signed"))
    elif record.replay.close is not None:
        raise Refused(
            "the election is closed, and the ballot that the board promised to log is neither there nor refused. "
            "This promise convicts the board: keep it and hand it to the election's official"
        )
    else:
        verdict.facts.append(("kept", "not yet: the election is not closed. Ask again, and once more after the close"))


def _judge_refusal(document: Document, record: Record, verdict: Verdict) -> None:
    verdict.facts.append(("reason", document.text("reason")))
    if record.naming(document.text("tracker"), "ballot"):
        raise Refused("the board both refused this ballot and put it on the log. Keep this paper; it convicts it")


def _judge(document: Document, reader: Reader, record: Record, refused: set[str]) -> Verdict:
    verdict = Verdict(document.name, document.kind)
    tracker = codec.decode_bytes(document.value["tracker"], codec.HASH_BYTES)
    verdict.facts.append(("tracker", codec.short_form(tracker)))
    try:
        _check_signature(document, reader)
        if document.kind == "receipt":
            _judge_receipt(document, reader, record, verdict)
        elif document.kind == "promise":
            _judge_promise(document, record, refused, verdict)
        else:
            _judge_refusal(document, record, verdict)
    except (Malformed, Refused) as reason:
        verdict.failures.append(str(reason))
    return verdict


def _size_inside(document: Document, reader: Reader) -> int:
    try:
        return reader.checkpoint(document.text("checkpoint").encode()).size
    except VerifierError:
        return 0  # said when the receipt is judged


def check_documents(
    record_path: Path, papers: Sequence[tuple[str, bytes]], against: Sequence[tuple[str, bytes]] = ()
) -> tuple[Record, list[Verdict]]:
    """Judge receipts, promises and refusals by a record, and the record by checkpoints seen elsewhere.

    Args:
        record_path: the record's folder.
        papers: name and bytes of each paper.
        against: name and bytes of each further checkpoint that the record must continue.

    Raises:
        Missing: a file of the record is missing.
        Refused: the record cannot be used at all.
    """
    reader = Reader(record_path)
    verdicts: list[Verdict] = []
    documents: list[Document] = []
    checkpoints: list[tuple[str, Checkpoint]] = []
    for name, data in papers:
        try:
            documents.append(parse_document(name, data))
        except Malformed as reason:
            verdicts.append(Verdict(name, "paper", failures=[str(reason)]))
    for name, data in against:
        try:
            checkpoints.append((name, reader.checkpoint(data)))
        except (Malformed, Refused) as reason:
            verdicts.append(Verdict(name, "checkpoint", failures=[str(reason)]))
    receipts = [document for document in documents if document.kind == "receipt"]
    sizes = [_size_inside(document, reader) for document in receipts] + [
        checkpoint.size for _, checkpoint in checkpoints
    ]
    indices = [codec.integer(document.value["index"]) for document in receipts]
    record = reader.follow(sizes, indices, [document.text("tracker") for document in documents])
    refused = {document.text("tracker") for document in documents if document.kind == "refusal"}
    verdicts += [_judge(document, reader, record, refused) for document in documents]
    for name, checkpoint in checkpoints:
        verdict = Verdict(name, "checkpoint", [("covers", f"{checkpoint.size} entries")])
        try:
            check_continues(checkpoint, record, "that checkpoint")
        except Refused as reason:
            verdict.failures.append(str(reason))
        verdicts.append(verdict)
    return record, verdicts
