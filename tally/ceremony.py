"""Make an election's key: modulus, shares, signing keys and certificate (section 3).

A dealer makes all of it on one machine, offline, in a short-lived process; see docs/adr for what
that costs. The function here is pure: its randomness is an argument, so tests can seed it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from gmpy2 import mpz

from ballots import codec, threshold
from ballots.certificate import make_certificate
from ballots.errors import BallotsError
from ballots.keys import KeyDocument, TrusteeKey, check_key
from ballots.manifest import Manifest
from ballots.paillier import PublicKey
from ballots.signatures import SigningKey
from tally.errors import CeremonyError, ForeignShare
from tally.primes import RandBits, random_below, safe_prime
from tally.shares import Share, check_share

Progress = Callable[[str], None]
"""Called with the name of each step, and again for each unit of work in it."""

PRIME = "Looking for safe primes"
CERTIFY = "Making the certificate"
CHECK = "Checking key, shares and a trial decryption as the trustees will"
_DISTANCE_BITS = 100


@dataclass(frozen=True)
class Made:
    """What a ceremony leaves: the public key document and one share a trustee."""

    key: KeyDocument
    shares: tuple[Share, ...]


def make_key(manifest: Manifest, randbits: RandBits, progress: Progress = lambda step: None) -> Made:
    """Make the key of one election and check it.

    Invariants kept: n = p·q of exactly ``modulus_bits`` bits with p, q distinct safe primes of
    equal length; every share lies on one polynomial; p, q and D leave this function in no form.

    Args:
        manifest: Names the trustees, the threshold and the size.
        randbits: Source of randomness: ``secrets.randbits``, or a seeded one in tests.
        progress: Told of each step.

    Raises:
        CeremonyError: What was made does not pass the trustees' own checks.
    """
    bits = manifest.modulus_bits
    p, q = _two_primes(bits // 2, randbits, progress)
    public = PublicKey(mpz(p) * q)
    total, quorum = manifest.trustees.total, manifest.trustees.threshold
    secrets_of = threshold.share_secret(p, q, total, quorum, randbits)
    signing_keys = [SigningKey.from_seed(randbits(256).to_bytes(32, "big")) for _ in range(total)]
    progress(CERTIFY)
    key = KeyDocument(
        version=1,
        manifest=manifest.hash_text,
        n=public.text,
        dealer=True,
        share_bits=bits,
        trustees=[
            TrusteeKey(name, signing_key.public, public.encode_residue(threshold.share_key(public, share)))
            for name, signing_key, share in zip(manifest.trustees.names, signing_keys, secrets_of, strict=True)
        ],
        certificate=make_certificate(p, q, randbits),
    )
    shares = tuple(
        Share(manifest.hash_text, index, name, key.n, bits, share, signing_key)
        for index, (name, share, signing_key) in enumerate(
            zip(manifest.trustees.names, secrets_of, signing_keys, strict=True), start=1
        )
    )
    progress(CHECK)
    made = Made(key, shares)
    check_made(made, manifest, randbits)
    return made


def check_made(made: Made, manifest: Manifest, randbits: RandBits) -> None:
    """Check a new key and its shares as the trustees will, and open a trial ciphertext with them.

    Raises:
        CeremonyError: The key must not be used.
    """
    try:
        check_key(made.key, manifest)
        for share in made.shares:
            check_share(share, manifest, made.key)
        quorum = manifest.trustees.threshold
        for chosen in (made.shares[:quorum], made.shares[-quorum:]):
            _try_decryption(made.key, chosen, randbits)
    except (BallotsError, ForeignShare) as error:
        raise CeremonyError(f"The new key fails its own check and was not written. {error}") from error


def _two_primes(bits: int, randbits: RandBits, progress: Progress) -> tuple[int, int]:
    def on_try() -> None:
        progress(PRIME)

    p = safe_prime(bits, randbits, on_try)
    while True:
        q = safe_prime(bits, randbits, on_try)
        # Random primes are never close (Fermat's factoring); one that is shows broken randomness.
        if abs(p - q).bit_length() > bits - min(_DISTANCE_BITS, bits // 2):
            return p, q


def _try_decryption(key: KeyDocument, shares: tuple[Share, ...], randbits: RandBits) -> None:
    """Encrypt a random number and open it with these shares; this is the only ciphertext made here."""
    public, total = key.public, len(key.trustees)
    message = random_below(int(public.n), randbits)
    randomness = 1 + random_below(int(public.n) - 1, randbits)
    ciphertext = public.encrypt(message, randomness)
    blank = codec.encode_bytes(bytes(codec.HASH_BYTES))
    values = {}
    for share in shares:
        context = threshold.PartContext(blank, share.trustee, 0, blank, blank)
        part = threshold.make_part(public, context, total, share.share, ciphertext, share.share_bits, randbits)
        share_key = key.share_key(share.trustee)
        threshold.verify_part(public, context, total, share_key, ciphertext, share.share_bits, part)
        values[share.trustee] = part.value
    opened, _ = threshold.combine_parts(public, ciphertext, values, total)
    if opened != message:
        raise CeremonyError("A trial ciphertext opened to another number. The key was not written.")
