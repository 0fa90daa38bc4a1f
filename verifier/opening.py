"""Checks on what stands before the first ballot: manifest, key, roll, and the fingerprint over them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from . import certificate, codec
from .context import Context
from .ed25519 import faulty_keys
from .election import Election, bind
from .errors import CannotRun, Malformed, NotJson, Refused
from .key import KeyDocument, Modulus, Root, parse_key
from .manifest import Manifest, parse_manifest
from .roll import check_capacity, read_roll

ROOTS_AT_ONCE = 16


@contextmanager
def _no_json_is_incomplete(context: Context) -> Iterator[None]:
    """Without manifest or key there is nothing to check: section 10 gives that an exit code of its own."""
    try:
        yield
    except NotJson:
        context.report.incomplete = True
        raise


def read_manifest(context: Context) -> None:
    """Read manifest.json and check its bounds."""
    with context.report.stage("1 encoding: manifest"):
        context.manifest_bytes = context.folder.read("manifest.json")
        with context.report.checking("1 encoding: manifest", "manifest.json"), _no_json_is_incomplete(context):
            context.manifest_value = codec.parse(context.manifest_bytes)
            context.manifest = parse_manifest(context.manifest_value)
            context.report.title = context.manifest.title


def read_key(context: Context) -> None:
    """Read key.json."""
    with context.report.stage("1 encoding: key"):
        context.key_bytes = context.folder.read("key.json")
        with context.report.checking("1 encoding: key", "key.json"), _no_json_is_incomplete(context):
            value = codec.parse(context.key_bytes)
            context.key = parse_key(value, context.need_manifest().modulus_bits)


def _check_some_roots(task: tuple[Modulus, tuple[Root, ...], int]) -> list[str]:
    return certificate.check_roots(*task)


def _check_part(context: Context, part: str, check: Callable[[], None]) -> None:
    with context.report.stage(part):
        if part != "2 key: basics" and not certificate.is_computable(context.need_key().modulus):
            raise CannotRun("the modulus is even or a square, so nothing can be computed with it")
        with context.report.checking(part, "key.json"):
            check()


def check_key(context: Context) -> None:
    """Check the key's certificate and the trustees' verification keys."""
    report = context.report
    with report.stage("2 key: basics", "2 key: roots", "2 key: size", "2 key: shares"):
        key, manifest = context.need_key(), context.need_manifest()
        with report.checking("2 key: basics", "key.json"):
            certificate.check_length(key.modulus, context.options.allow_test_keys)
        _check_part(context, "2 key: basics", lambda: certificate.check_basics(key.modulus))
        _check_part(context, "2 key: roots", lambda: _check_roots(context, key))
        _check_part(context, "2 key: size", lambda: certificate.check_sizes(key))
        _check_part(context, "2 key: shares", lambda: certificate.check_shares(key, manifest.threshold))


def _check_roots(context: Context, key: KeyDocument) -> None:
    starts = range(0, len(key.roots), ROOTS_AT_ONCE)
    tasks = ((key.modulus, key.roots[start : start + ROOTS_AT_ONCE], start) for start in starts)
    small = key.modulus.bits < certificate.LEAST_BITS
    for number, wrong in enumerate(context.workers.map(_check_some_roots, tasks, here=small), 1):
        context.report.looked("2 key: roots", ROOTS_AT_ONCE)
        context.watch("key certificate", number, len(starts))
        for reason in wrong:
            context.report.fail("2 key: roots", reason, "key.json")


def read_election(context: Context) -> None:
    """Read the roll, bind the three files by their fingerprint, and check what can be seen of them alone."""
    report = context.report
    with report.stage("1 encoding: roll"):
        manifest = context.need_manifest()
        roll = read_roll(context.folder, manifest, report)
        with report.stage("4 opening: capacity"), report.checking("4 opening: capacity", "roll.jsonl"):
            check_capacity(manifest, roll)
        key = context.need_key()
        election = bind(manifest, context.manifest_value, key, context.key_bytes, roll)
        context.election, report.election = election, election.fingerprint
        _check_key_document(context, election)
        _check_keys(context, election)
    with report.stage("4 opening: fingerprint"):
        _check_fingerprint(context)


def _check_key_document(context: Context, election: Election) -> None:
    key, manifest, part = election.key, election.manifest, "4 opening: key"
    with context.report.checking(part, "key.json"):
        if key.manifest != manifest.hash:
            raise Refused("the key was made for another manifest")
    with context.report.checking(part, "key.json"):
        _check_dealt(key, manifest)


def _check_dealt(key: KeyDocument, manifest: Manifest) -> None:
    if tuple(trustee.name for trustee in key.trustees) != manifest.trustees:
        raise Refused("the trustees of the key are not those of the manifest, in their order")
    if not key.dealer or key.share_bits != key.modulus.bits:
        raise Refused("version 1 knows only keys made by a dealer, with shares as long as the modulus")


def _check_keys(context: Context, election: Election) -> None:
    report, part = context.report, "4 opening: keys"
    owners: dict[str, str] = {}
    own = election.own_keys()
    for number, reason in faulty_keys([key for _, key in own]).items():
        report.fail(part, reason, own[number][0])
    for owner, key in own:
        report.looked(part)
        if key in owners:
            report.fail(part, f"it has the same signing key as {owners[key]}", owner)
        if key in election.roll.voters:
            report.fail(part, "its signing key is also a voter's on the roll", owner)
        owners[key] = owner


def _check_fingerprint(context: Context) -> None:
    report, part, wanted = context.report, "4 opening: fingerprint", context.options.election
    if not wanted:
        report.excuse("no fingerprint was given to compare with: --election", part)
        return
    with report.checking(part):
        try:
            codec.decode_bytes(wanted, codec.HASH_BYTES)
        except Malformed:
            raise Refused("what --election gives is no fingerprint: it has 43 characters of base64url") from None
        if context.need_election().fingerprint != wanted:
            raise Refused(f"this record is of the election {context.need_election().fingerprint}, not {wanted}")
