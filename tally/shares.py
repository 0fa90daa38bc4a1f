"""A trustee's share and an observer's key: what the secret files hold, and whether they fit an election."""

from dataclasses import dataclass, field

from ballots import codec, sealed, threshold
from ballots.errors import EncodingError, SealedFileError
from ballots.keys import KeyDocument
from ballots.manifest import Manifest
from ballots.signatures import SigningKey
from tally.errors import ForeignShare

SHARE_KIND = "trustee-share"
OBSERVER_KIND = "observer-key"
_SEED_BYTES = 32


@dataclass(frozen=True)
class Share:
    """One trustee's secrets; ``repr`` shows none of them.

    Attributes:
        manifest: The manifest hash M that the key was made for, base64url.
        trustee: i, from 1.
        name: The trustee's name in the manifest.
        n: The modulus, base64url.
        share_bits: The width of the share, in bits.
        share: s_i.
        signing_key: Signs ``open`` and the one intent.
    """

    manifest: str
    trustee: int
    name: str
    n: str
    share_bits: int
    share: int = field(repr=False)
    signing_key: SigningKey = field(repr=False)


@dataclass(frozen=True)
class ObserverKey:
    """An observer's name and signing key."""

    name: str
    signing_key: SigningKey = field(repr=False)


def seal_share(share: Share, passphrase: str, random: bytes, cost: int = sealed.SCRYPT_COST) -> bytes:
    """Seal a share for its file; ``random`` is 28 fresh bytes."""
    return sealed.seal(SHARE_KIND, share.manifest, _secret_of(share), passphrase, random, cost)


def unseal_share(data: bytes, passphrase: str) -> Share:
    """Open a share file.

    Raises:
        SealedFileError: The file is damaged or cut short, no share, or the passphrase is wrong.
    """
    manifest, secret = sealed.unseal(data, SHARE_KIND, passphrase)
    try:
        version, trustee, name, n, bits, share, seed = codec.take(
            secret, "version", "trustee", "name", "n", "share_bits", "share", "seed"
        )
        if version != 1 or not isinstance(trustee, int) or not isinstance(bits, int):
            raise EncodingError("The share is of another version.")
        number = codec.decode_number(share, bits // 8)
        signing_key = SigningKey.from_seed(codec.decode_bytes(seed, _SEED_BYTES))
        return Share(manifest, trustee, str(name), str(n), bits, number, signing_key)
    except EncodingError as error:
        raise SealedFileError(f"The share was written by another version of this program. ({error})") from None


def seal_observer_key(key: ObserverKey, passphrase: str, random: bytes, cost: int = sealed.SCRYPT_COST) -> bytes:
    """Seal an observer's key for its file; ``random`` is 28 fresh bytes."""
    secret = {"version": 1, "name": key.name, "seed": codec.encode_bytes(key.signing_key.seed)}
    return sealed.seal(OBSERVER_KIND, "", secret, passphrase, random, cost)


def unseal_observer_key(data: bytes, passphrase: str) -> ObserverKey:
    """Open an observer's key file.

    Raises:
        SealedFileError: The file is damaged or cut short, no observer's key, or the passphrase is wrong.
    """
    _, secret = sealed.unseal(data, OBSERVER_KIND, passphrase)
    try:
        _, name, seed = codec.take(secret, "version", "name", "seed")
        return ObserverKey(str(name), SigningKey.from_seed(codec.decode_bytes(seed, _SEED_BYTES)))
    except EncodingError as error:
        raise SealedFileError(f"The key was written by another version of this program. ({error})") from None


def reseal(data: bytes, passphrase: str, new_passphrase: str, random: bytes, cost: int = sealed.SCRYPT_COST) -> bytes:
    """Seal a share with another passphrase; what comes back has been opened again and compared.

    Raises:
        SealedFileError: The file is damaged or the passphrase is wrong.
    """
    share = unseal_share(data, passphrase)
    resealed = seal_share(share, new_passphrase, random, cost)
    check_copy(resealed, new_passphrase, share)
    return resealed


def check_copy(data: bytes, passphrase: str, share: Share) -> None:
    """Check that a file opens and holds this very share.

    Raises:
        SealedFileError: It does not open.
        ForeignShare: It holds something else.
    """
    found = unseal_share(data, passphrase)
    if (found.manifest, _secret_of(found)) != (share.manifest, _secret_of(share)):
        raise ForeignShare("What was written is not the share that was meant. Do not use the file; look at the disk.")


def check_share(share: Share, manifest: Manifest, key: KeyDocument) -> None:
    """Check that a share belongs to this election's key (v^(s_i) = v_i, section 3) and trustee.

    Raises:
        ForeignShare: The message names what differs.
    """
    if share.manifest != manifest.hash_text:
        raise ForeignShare("This share was made for another election (its manifest differs). Look for the right file.")
    if share.n != key.n or share.share_bits != key.share_bits:
        raise ForeignShare("This share was made for another key of this election: a ceremony was held twice.")
    if not 1 <= share.trustee <= len(key.trustees) or key.trustees[share.trustee - 1].name != share.name:
        raise ForeignShare(f"This share is of trustee {share.trustee}, {share.name!r}, whom the key does not know.")
    stated = key.trustees[share.trustee - 1]
    if share.signing_key.public != stated.key:
        raise ForeignShare(f"The signing key in this share is not the one that the key names for {share.name!r}.")
    if key.public.encode_residue(threshold.share_key(key.public, share.share)) != stated.v:
        raise ForeignShare("The share does not fit the key (v^s ≠ v_i). Do not use it; demand a new ceremony.")


def _secret_of(share: Share) -> dict[str, codec.Json]:
    return {
        "version": 1,
        "trustee": share.trustee,
        "name": share.name,
        "n": share.n,
        "share_bits": share.share_bits,
        "share": codec.encode_number(share.share, share.share_bits // 8),
        "seed": codec.encode_bytes(share.signing_key.seed),
    }
