"""An election as it is fixed at the freeze: manifest, key and roll, bound by the fingerprint F."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from ballots import codec
from ballots.contests import Layout, compile_contest
from ballots.definition import Contest
from ballots.errors import EncodingError, RecordError, SignatureRefused
from ballots.keys import KeyDocument, check_belonging, check_key, parse_key
from ballots.manifest import Manifest, parse_manifest
from ballots.paillier import PublicKey
from ballots.roll import RollLine, parse_roll
from ballots.signatures import check_public_key


@dataclass(frozen=True)
class Election:
    """A checked election.

    Attributes:
        manifest: The manifest.
        key_document: The key.
        roll: {voter's public key: its line}, in the roll's order.
        roll_sha256: SHA-256 of ``roll.jsonl``.
    """

    manifest: Manifest
    key_document: KeyDocument
    roll: Mapping[str, RollLine]
    roll_sha256: bytes

    @property
    def key(self) -> PublicKey:
        """The Paillier modulus."""
        return self.key_document.public

    @property
    def manifest_hash(self) -> bytes:
        """M, 32 bytes."""
        return self.manifest.hash

    @cached_property
    def fingerprint(self) -> bytes:
        """F, 32 bytes: what every ballot and signature of this election names."""
        return fingerprint(self.manifest, self.key_document, self.roll_sha256)

    @cached_property
    def fingerprint_text(self) -> str:
        """F, base64url."""
        return codec.encode_bytes(self.fingerprint)

    @cached_property
    def layouts(self) -> dict[str, Layout]:
        """{contest id: its compiled form}."""
        return {contest.id: compile_contest(contest, self.key.slots) for contest in self.manifest.contests}

    @cached_property
    def contests_by_style(self) -> dict[str, tuple[Contest, ...]]:
        """{style: its contests in order}."""
        return {style: self.manifest.contests_of(style) for style in self.manifest.styles}

    @cached_property
    def reserved_keys(self) -> frozenset[str]:
        """Keys that no voter may have: board, registrar, official, observers, trustees."""
        return frozenset((*self.manifest.signing_keys, *(trustee.key for trustee in self.key_document.trustees)))


def fingerprint(manifest: Manifest, key: KeyDocument, roll_sha256: bytes) -> bytes:
    """Compute F = H("election", {manifest: M, key: H("key", key), roll: SHA-256 of the roll})."""
    return codec.digest(
        "election",
        {
            "manifest": manifest.hash_text,
            "key": codec.encode_bytes(key.hash),
            "roll": codec.encode_bytes(roll_sha256),
        },
    )


def load_election(
    manifest: bytes, key: bytes, roll: bytes, *, allow_test_keys: bool = False, certified: bool = False
) -> Election:
    """Parse and check the three files that fix an election.

    Args:
        manifest: ``manifest.json``.
        key: ``key.json``.
        roll: ``roll.jsonl``.
        allow_test_keys: Also accept a modulus below 2048 bits.
        certified: The caller checked this very key's certificate before; do not spend seconds again.

    Raises:
        BallotsError: A file breaks a rule; the message says which.
    """
    parsed = parse_manifest(manifest, allow_test_keys=allow_test_keys)
    document = parse_key(key)
    if certified:
        check_belonging(document, parsed)
    else:
        check_key(document, parsed)
    lines = {line.voter: line for line in parse_roll(roll.splitlines(keepends=True), parsed)}
    election = Election(parsed, document, lines, hashlib.sha256(roll).digest())
    check_voter_keys(lines, election.reserved_keys)
    return election


def check_voter_keys(voters: Iterable[str], reserved: frozenset[str]) -> None:
    """Check that voters' keys are sound and nobody else's.

    Raises:
        RecordError: One is malformed or belongs to board, registrar, official, observer or trustee.
    """
    for voter in voters:
        try:
            check_public_key(voter)
        except (SignatureRefused, EncodingError) as error:
            raise RecordError("A voter's key on the roll is refused. %(error)s", error=error) from None
        if voter in reserved:
            raise RecordError(
                "The key %(voter)s on the roll is also a key of somebody who runs the election.", voter=voter
            )
