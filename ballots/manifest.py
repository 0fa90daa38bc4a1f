"""The manifest: everything about an election that is fixed before its key is made (section 9)."""

import re
import uuid
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import Literal

import msgspec

from ballots import codec
from ballots.contests import MAX_BRANCHES, branch_count
from ballots.definition import Contest, Majority, Text, check_contest
from ballots.errors import EncodingError, ManifestError, SignatureRefused
from ballots.signatures import check_public_key

SAFE_BITS = 2048
"""Below this a modulus is for tests only."""
MAX_BITS = 16_384
MIN_BITS = 256
MAX_TRUSTEES = 64
_ORIGIN = re.compile(r"[^\s+\x00-\x1f\x7f]+")
"""A key's name in a signed note (C2SP)."""


class Trustees(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who shares the key: ``threshold`` of ``total``, with their names in order."""

    total: int
    threshold: int
    names: list[str]


class Observer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who signs the log's intent without holding a share."""

    name: str
    key: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """A checked manifest; fields as in section 9, times and keys still as text."""

    version: Literal[1]
    id: str
    title: Text
    description: Text
    contests: list[Contest]
    styles: dict[str, list[str]]
    opens_at: str
    closes_at: str
    closing: Literal["time", "official"]
    trustees: Trustees
    observers: list[Observer]
    min_ballots: int
    modulus_bits: int
    log_origin: str
    board_key: str
    registrar_key: str
    official_key: str
    booth: dict[str, str]

    def encode(self) -> bytes:
        """Encode as the canonical bytes of ``manifest.json``."""
        return codec.encode_canonical(msgspec.to_builtins(self))

    @cached_property
    def hash(self) -> bytes:
        """The manifest hash M, 32 bytes."""
        return codec.hash_canonical("manifest", self.encode())

    @property
    def hash_text(self) -> str:
        """The manifest hash M, base64url."""
        return codec.encode_bytes(self.hash)

    def contest(self, contest_id: str) -> Contest:
        """Return the contest of an id; raises :class:`ManifestError` for an unknown one."""
        for contest in self.contests:
            if contest.id == contest_id:
                return contest
        raise ManifestError("There is no contest '%(contest)s'.", contest=contest_id)

    def contests_of(self, style: str) -> tuple[Contest, ...]:
        """Return the contests of a ballot style, in the style's order."""
        if style not in self.styles:
            raise ManifestError("There is no ballot style '%(style)s'.", style=style)
        return tuple(self.contest(contest_id) for contest_id in self.styles[style])

    @property
    def quorum(self) -> int:
        """How many distinct signers must sign one intent: ⌈(G+k)/2⌉ (section 8)."""
        return -(-(self.trustees.total + len(self.observers) + self.trustees.threshold) // 2)

    @property
    def signing_keys(self) -> tuple[str, ...]:
        """Every public key the manifest names: board, registrar, official, observers."""
        return (self.board_key, self.registrar_key, self.official_key, *(one.key for one in self.observers))


def parse_manifest(data: bytes, *, allow_test_keys: bool = False) -> Manifest:
    """Parse and check ``manifest.json``.

    Args:
        data: The file's bytes.
        allow_test_keys: Also accept a modulus below 2048 bits.

    Raises:
        EncodingError: Not canonical JSON.
        ManifestError: A field is missing, unknown or out of its bounds; the message names it.
    """
    fields = codec.parse_canonical(data)
    try:
        manifest = msgspec.convert(fields, Manifest, strict=True)
    except msgspec.ValidationError as error:
        raise ManifestError("The manifest is not of its form: %(error)s", error=error) from None
    check_manifest(manifest, allow_test_keys=allow_test_keys)
    return manifest


def check_manifest(manifest: Manifest, *, allow_test_keys: bool = False) -> None:
    """Check every bound of section 9 on a manifest.

    Raises:
        ManifestError: The message names the field and what it may be.
    """
    _check_identity(manifest)
    _check_times(manifest)
    _check_people(manifest)
    bits = manifest.modulus_bits
    least = MIN_BITS if allow_test_keys else SAFE_BITS
    fits = least <= bits <= MAX_BITS and bits % 16 == 0
    _demand(fits, "modulus_bits must be a multiple of 16, %(least)s to %(most)s.", least=least, most=MAX_BITS)
    slots = slots_of(bits)
    _demand(len(manifest.contests) >= 1, "There must be at least one contest.")
    _demand_distinct("A contest id stands twice: %(twice)s.", (contest.id for contest in manifest.contests))
    for contest in manifest.contests:
        check_contest(contest)
        branches = branch_count(contest, slots)
        _demand(
            branches <= MAX_BRANCHES,
            "The contest '%(contest)s' needs %(branches)s proof branches; at most %(most)s are allowed.",
            contest=contest.id,
            branches=branches,
            most=MAX_BRANCHES,
        )
        _check_texts(contest.id, contest.title, [option.label for option in contest.options])
        _check_files(file for option in contest.options for file in option.media.items())
    _demand(len(manifest.styles) >= 1, "There must be at least one ballot style.")
    known = {contest.id for contest in manifest.contests}
    for style, contests in manifest.styles.items():
        _demand(bool(contests), "The ballot style '%(style)s' has no contest.", style=style)
        _demand(
            set(contests) <= known, "The ballot style '%(style)s' names a contest that does not exist.", style=style
        )
        _demand_distinct("A contest in style '%(style)s' stands twice: %(twice)s.", contests, style=style)
    _check_files(manifest.booth.items())


def slots_of(modulus_bits: int) -> int:
    """Return how many 32-bit slots one ciphertext may carry: ⌊(|n|−129)/32⌋ (section 3)."""
    return (modulus_bits - 129) // 32


def majority_rules(manifest: Manifest) -> Iterable[tuple[Contest, Majority]]:
    """Return the referendums of a manifest with their rule."""
    return ((contest, contest.rule) for contest in manifest.contests if isinstance(contest.rule, Majority))


def _check_identity(manifest: Manifest) -> None:
    try:
        canonical = str(uuid.UUID(manifest.id)) == manifest.id
    except ValueError:
        canonical = False
    _demand(canonical, "id must be a UUID in lower case.")
    _demand(bool(manifest.title), "title must hold a text in at least one language.")
    named = _ORIGIN.fullmatch(manifest.log_origin) is not None
    _demand(named, "log_origin must be a name without spaces, plus signs and control characters.")
    _demand(manifest.min_ballots >= 1, "min_ballots must be at least 1.")


def _check_times(manifest: Manifest) -> None:
    try:
        opens_at, closes_at = codec.parse_time(manifest.opens_at), codec.parse_time(manifest.closes_at)
    except EncodingError as error:
        raise ManifestError("opens_at and closes_at must be times. %(error)s", error=error) from None
    _demand(opens_at < closes_at, "closes_at must be later than opens_at.")


def _check_people(manifest: Manifest) -> None:
    trustees = manifest.trustees
    _demand(1 <= trustees.total <= MAX_TRUSTEES, "There must be 1 to %(most)s trustees.", most=MAX_TRUSTEES)
    _demand(trustees.threshold <= trustees.total, "The threshold is larger than the number of trustees.")
    _demand(2 * trustees.threshold > trustees.total, "The threshold must be more than half of the trustees.")
    _demand(len(trustees.names) == trustees.total, "There must be one name for each trustee.")
    for key in manifest.signing_keys:
        try:
            check_public_key(key)
        except SignatureRefused as error:
            raise ManifestError("A signing key in the manifest is refused. %(error)s", error=error) from None
    _demand_distinct("A signing key stands twice: %(twice)s.", manifest.signing_keys)


def _check_texts(contest_id: str, title: Text, labels: list[Text]) -> None:
    _demand(bool(title), "The contest '%(contest)s' has no title.", contest=contest_id)
    _demand(all(labels), "An option of the contest '%(contest)s' has no label.", contest=contest_id)


def _check_files(files: Iterable[tuple[str, str]]) -> None:
    for path, sha256 in files:
        try:
            codec.decode_bytes(sha256, codec.HASH_BYTES)
        except EncodingError as error:
            raise ManifestError(
                "The hash of the file '%(path)s' is malformed. %(error)s", path=path, error=error
            ) from None


def _demand_distinct(sentence: str, given: Iterable[str], **values: object) -> None:
    twice = [value for value, count in Counter(given).items() if count > 1]
    _demand(not twice, sentence, twice=twice, **values)


def _demand(condition: bool, sentence: str, **values: object) -> None:
    if not condition:
        raise ManifestError(sentence, **values)
