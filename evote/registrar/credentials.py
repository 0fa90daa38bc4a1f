"""Make credentials and the registrar's signed statements; pure, randomness is an argument."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import msgspec

from ballots import codec
from ballots.credentials import CODE_BITS, credential_key, new_code, voter_number
from ballots.errors import BallotsError
from ballots.manifest import Manifest
from ballots.roll import RollLine, parse_roll
from ballots.signatures import SigningKey
from evote.registrar.errors import KeyProblem, Problem, RegistrarError, VoterListError
from evote.registrar.voters import Voter

RandBits = Callable[[int], int]


@dataclass(frozen=True)
class Credential:
    """A voter's code, which only the voter may see, and the public key it derives."""

    voter: Voter
    code: str = field(repr=False)
    public: str

    @property
    def number(self) -> str:
        """The voter number printed beside the code."""
        return voter_number(self.public)


class RollStatement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``roll.json``: what the registrar signs about ``roll.jsonl``."""

    sha256: str
    voters: int
    signature: str


def check_registrar(manifest: Manifest, key: SigningKey) -> None:
    """Check that the manifest names this registrar's key.

    Raises:
        KeyProblem: It names another one.
    """
    if manifest.registrar_key != key.public:
        raise KeyProblem(
            f"The manifest names another registrar ({manifest.registrar_key}); this key is {key.public}. "
            "Use the right key file, or have the manifest made with this key."
        )


def make_credentials(voters: Sequence[Voter], manifest: Manifest, randbits: RandBits) -> Iterator[Credential]:
    """Make a code of 100 random bits for each voter, in the given order."""
    for voter in voters:
        code = new_code(randbits(CODE_BITS))
        yield Credential(voter, code, credential_key(code, manifest.hash).public)


def make_roll(credentials: Sequence[Credential], manifest: Manifest) -> bytes:
    """Write ``roll.jsonl``: ascending by public key, so that it does not tell the list's order.

    Raises:
        RegistrarError: The keys are not distinct: the randomness is broken.
        VoterListError: The weights together could overflow a total.
    """
    keys = {credential.public for credential in credentials}
    if len(keys) != len(credentials) or keys & set(manifest.signing_keys):
        raise RegistrarError("Two credentials are equal: this machine's randomness is broken. Use another machine.")
    lines = sorted(
        (RollLine(credential.public, credential.voter.style, credential.voter.weight) for credential in credentials),
        key=lambda line: line.voter,
    )
    encoded = [line.encode() for line in lines]
    try:
        for _ in parse_roll(encoded, manifest):
            pass
    except BallotsError as error:
        raise VoterListError([Problem(0, "", str(error))]) from error
    return b"".join(encoded)


def sign_roll(roll: bytes, manifest: Manifest, key: SigningKey) -> RollStatement:
    """Sign the roll over H("evote/1/roll", {manifest: M, sha256})."""
    sha256 = codec.encode_bytes(hashlib.sha256(roll).digest())
    signature = key.sign("roll", {"manifest": manifest.hash_text, "sha256": sha256})
    return RollStatement(sha256, roll.count(b"\n"), signature)


def sign_replace(election: str, old: str, new: str, key: SigningKey) -> dict[str, str]:
    """Sign the body of a ``replace`` entry: a lost code's key gives way to a new one."""
    return {"old": old, "new": new, "signature": key.sign("replace", {"election": election, "old": old, "new": new})}


def sign_strike(election: str, voter: str, key: SigningKey) -> dict[str, str]:
    """Sign the body of a ``strike`` entry: this credential's ballot no longer counts."""
    return {"voter": voter, "signature": key.sign("strike", {"election": election, "voter": voter})}
