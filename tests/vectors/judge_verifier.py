"""Judge vectors with the independent verifier, which shares no code with the package ``ballots``.

The verifier says what is malformed or refused in sentences; which of README.md's checks that is follows from what was
being judged. Where it does not, only the refusal itself is told.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.vectors.vector import ACCEPT, Vector
from verifier import codec, ed25519
from verifier.audit import _check_cells, _opened
from verifier.ballot import Ballot, check_shape, parse_ballot
from verifier.batch import all_hold
from verifier.certificate import check_basics, check_roots, check_shares, check_sizes
from verifier.check import check_record
from verifier.checkpoint import parse_checkpoint
from verifier.contests import Contest, compile_contest
from verifier.context import Options
from verifier.errors import Refused, VerifierError
from verifier.key import Modulus, parse_key
from verifier.manifest import Manifest, _contest, parse_manifest
from verifier.merkle import leaf_hash, root_from_inclusion
from verifier.outcome import Outcome, decide
from verifier.proofs import check_challenges, check_equations, check_ranges, check_units
from verifier.receipt import parse_document

NOT_JUDGED = {
    "credential": "codes never leave the voter and the registrar",
    "plan": "the verifier makes no ballots",
    "consistency": "the verifier has the whole log and computes the older root",
}
"""Kinds that are no work of a verifier."""
REFUSED = "refused"
"""Some check refuses it; the verifier does not say which of README.md's."""


class NamedRefusal(Exception):
    """A check has refused the vector."""


@contextmanager
def check(name: str) -> Iterator[None]:
    """Name the check that whatever is refused inside is refused by."""
    try:
        yield
    except VerifierError as error:
        raise NamedRefusal(name) from error


def demand(condition: object) -> None:
    if not condition:
        raise Refused("the vector says something else")


def judge(vector: Vector) -> str:
    """Return ``accept``, the name of the check that refuses the vector, or ``refused``."""
    try:
        JUDGES[vector.kind](vector.input, vector)
    except NamedRefusal as refusal:
        return str(refusal)
    return ACCEPT


def agrees(verdict: str, expected: str) -> bool:
    """Tell whether a verdict is the expected one, as far as it says."""
    return verdict == expected or (verdict == REFUSED and expected != ACCEPT)


def data_of(text: str) -> bytes:
    """Decode base64url of any length; it is the vector's own wrapping, so it must be good."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def hashes_of(texts: list[str]) -> list[bytes]:
    with check("encoding"):
        return [codec.decode_bytes(text, codec.HASH_BYTES) for text in texts]


Input = Any


def _canonical(given: Input, _: Vector) -> None:
    with check("encoding"):
        codec.parse(data_of(given["bytes"]))


def _digest(given: Input, _: Vector) -> None:
    with check("encoding"):
        demand(codec.encode_bytes(codec.tagged_hash(given["tag"], given["value"])) == given["digest"])


def _expand(given: Input, _: Vector) -> None:
    number = codec.expand(given["tag"], given["value"], given["bits"])
    with check("encoding"):
        demand(codec.encode_number(int(number), -(-given["bits"] // 8)) == given["number"])


def _text(read: Callable[[Input], object]) -> Callable[[Input, Vector], None]:
    def judge_text(given: Input, _: Vector) -> None:
        with check("encoding"):
            read(given)

    return judge_text


def _signature(given: Input, _: Vector) -> None:
    with check("signature"):
        ed25519.verify(given["public"], given["tag"], given["value"], given["signature"])


def _names(given: Input, _: Vector) -> None:
    short = codec.short_form(codec.decode_bytes(given["tracker"], codec.HASH_BYTES))
    with check("credential"):
        demand((short, codec.voter_number(given["voter"])) == (given["short"], given["number"]))


def _manifest(given: Input, _: Vector) -> None:
    with check("encoding"):
        value = codec.parse(data_of(given["bytes"]))
    with check("manifest"):
        demand(codec.encode_bytes(parse_manifest(value).hash) == given["hash"])


def contest_of(fields: Input) -> Contest:
    with check("manifest"):
        return _contest(fields)


def _layout(given: Input, _: Vector) -> None:
    contest = contest_of(given["contest"])
    with check("contest"):
        layout = compile_contest(contest, given["slots"])
        statements = [
            {"terms": [[cell, str(weight)] for cell, weight in one.terms], "values": list(map(str, one.values))}
            for one in layout.statements
        ]
        found = layout.cells, layout.packed, statements
        demand(found == (given["cells"], given["packed"], given["statements"]))


def _outcome(given: Input, _: Vector) -> None:
    contest = contest_of(given["contest"])
    expected = Outcome(tuple(given["elected"]), tuple(given["tied"]))
    with check("contest"):
        demand(decide(contest, given["totals"], given["weight"], given["eligible"]) == expected)


def _certificate(given: Input, _: Vector) -> None:
    with check("key"):
        key = parse_key(given["key"], given["modulus_bits"])
        check_basics(key.modulus)
        demand(not check_roots(key.modulus, key.roots, 0))
        check_sizes(key)
        check_shares(key, given["threshold"])


# --- elections and ballots


@dataclass(frozen=True)
class Setting:
    """What a ballot is judged by."""

    manifest: Manifest
    modulus: Modulus
    fingerprint: str


@lru_cache(maxsize=8)
def _setting(manifest: str, key: str, roll: str) -> Setting:
    with check("manifest"):
        parsed = parse_manifest(codec.parse(data_of(manifest)))
    with check("key"):
        document = parse_key(codec.parse(data_of(key)), parsed.modulus_bits)
    bound = {
        "manifest": codec.encode_bytes(parsed.hash),
        "key": codec.encode_bytes(document.hash),
        "roll": codec.encode_bytes(hashlib.sha256(data_of(roll)).digest()),
    }
    return Setting(parsed, document.modulus, codec.encode_bytes(codec.tagged_hash("evote/1/election", bound)))


def setting_of(vector: Vector) -> Setting:
    return _setting(*(vector.look_up(vector.input[name]) for name in ("manifest", "key", "roll")))


OPENING = (
    "1 encoding: manifest",
    "1 encoding: key",
    "1 encoding: roll",
    "1 encoding: log",
    "3 log: order",
    "4 opening:",
)


def _election(given: Input, vector: Vector) -> None:
    """Check a record that ends with its opening, and look at what is said of the opening only."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for file, field in (
            ("manifest.json", "manifest"), ("key.json", "key"), ("roll.jsonl", "roll"), ("log/00000.jsonl", "log")
        ):  # fmt: skip
            (folder / file).parent.mkdir(exist_ok=True)
            (folder / file).write_bytes(data_of(vector.look_up(given[field])))
        (folder / "ballots").mkdir()
        (folder / "ballots/00000.jsonl").touch()
        (folder / "checkpoint").write_text("none\n", encoding="utf-8")
        options = Options(allow_test_keys=True, until_close=True, election=given["election"])
        report = check_record(folder, options)
    with check(REFUSED):
        demand(not [part for part in report.failures if part.startswith(OPENING)])
        demand(not [part for part in report.stopped if part.startswith(OPENING)])


def check_proofs_alike(ballot: Ballot, setting: Setting) -> None:
    """Check proofs one by one and in batches, which must agree."""
    layouts, modulus = setting.manifest.layouts, setting.modulus
    check_ranges(ballot, modulus)
    check_challenges(ballot)
    batches = [all_hold([ballot] * count, layouts, modulus) for count in (1, 2, 5)]
    try:
        check_units(ballot, modulus)
        check_equations(ballot, layouts, modulus)
    except Refused:
        assert not any(batches), "one by one it is refused, in a batch it is not"
        raise
    assert all(batches), "in a batch it is refused, one by one it is not"


def check_cast(document: Input, given: Input, setting: Setting) -> Ballot:
    with check("encoding"):
        ballot = parse_ballot(document, setting.modulus)
    with check("contest"):
        check_shape(ballot, setting.manifest.styles[given["style"]], setting.manifest.layouts)
    with check("record"):
        demand(ballot.election == setting.fingerprint)
    with check("proof"):
        check_proofs_alike(ballot, setting)
    with check("record"):
        demand(ballot.tracker == given["tracker"])
    if "signature" in given:
        with check("signature"):
            ed25519.verify(ballot.voter, "evote/1/cast", {"tracker": ballot.tracker}, given["signature"])
    return ballot


def _ballot(given: Input, vector: Vector) -> None:
    check_cast(given["ballot"], given, setting_of(vector))


def _audit(given: Input, vector: Vector) -> None:
    setting = setting_of(vector)
    with check("encoding"):
        document, openings = codec.fields(given["audit"], "ballot", "openings")
    ballot = check_cast(document, given, setting)
    with check(REFUSED):
        _check_cells(ballot, [_opened(item, setting.modulus) for item in codec.array(openings)], setting.modulus)


# --- the log


def _inclusion(given: Input, _: Vector) -> None:
    leaf, root, *proof = hashes_of([given["leaf_hash"], given["root"], *given["proof"]])
    with check("log"):
        demand(root_from_inclusion(leaf, given["index"], given["size"], proof) == root)


def _checkpoint(given: Input, _: Vector) -> None:
    with check("log"):
        head = parse_checkpoint(given["text"].encode(), given["origin"], given["board_key"])
        demand((head.size, codec.encode_bytes(head.root)) == (given["size"], given["root"]))


def _paper(given: Input, vector: Vector) -> None:
    """Judge a promise, a refusal or a receipt without a record: by its signature, and its proof if it has one."""
    cast, value = given["cast"], given["document"]
    with check("encoding"):
        document = parse_document(vector.name, json.dumps(value).encode())
        demand(document.kind == vector.kind)
    with check("record"):
        subjects = [name for name in ("election", "tracker", "voter") if name in value]
        demand(all(value[name] == cast[name] for name in subjects))
    with check("signature"):
        ed25519.verify(given["board_key"], f"evote/1/{document.kind}", document.value, document.signature)
    if vector.kind != "receipt":
        return
    with check("log"):
        body = {name: cast[name] for name in ("voter", "tracker", "previous", "signature")}
        entry = codec.canonical({"index": value["index"], "time": value["time"], "type": "ballot", "body": body})
        leaf = leaf_hash(entry)
        demand(codec.encode_bytes(leaf) == value["leaf_hash"])
        head = parse_checkpoint(value["checkpoint"].encode(), given["origin"], given["board_key"])
        proof = [codec.decode_bytes(node, codec.HASH_BYTES) for node in value["inclusion_proof"]]
        demand(root_from_inclusion(leaf, value["index"], head.size, proof) == head.root)


JUDGES: dict[str, Callable[[Input, Vector], None]] = {
    "canonical": _canonical,
    "digest": _digest,
    "expand": _expand,
    "number": _text(lambda given: codec.decode_number(given["text"], given["width"])),
    "challenge": _text(lambda given: codec.decode_challenge(given["text"])),
    "time": _text(lambda given: codec.decode_time(given["text"])),
    "signature": _signature,
    "names": _names,
    "manifest": _manifest,
    "layout": _layout,
    "outcome": _outcome,
    "certificate": _certificate,
    "election": _election,
    "ballot": _ballot,
    "audit": _audit,
    "inclusion": _inclusion,
    "checkpoint": _checkpoint,
    "promise": _paper,
    "refusal": _paper,
    "receipt": _paper,
}
