"""The registrar's key, sealed in its file."""

from ballots import codec, sealed
from ballots.errors import EncodingError
from ballots.signatures import SigningKey
from evote.registrar.errors import KeyProblem

KEY_KIND = "registrar-key"


def seal_key(key: SigningKey, passphrase: str, random: bytes, cost: int = sealed.SCRYPT_COST) -> bytes:
    """Seal the registrar's key for its file; ``random`` is 28 fresh bytes."""
    return sealed.seal(KEY_KIND, "", {"version": 1, "seed": codec.encode_bytes(key.seed)}, passphrase, random, cost)


def unseal_key(data: bytes, passphrase: str) -> SigningKey:
    """Open the registrar's key file.

    Raises:
        SealedFileError: Damaged, of another kind, or the passphrase is wrong.
    """
    _, secret = sealed.unseal(data, KEY_KIND, passphrase)
    try:
        _, seed = codec.take(secret, "version", "seed")
        return SigningKey.from_seed(codec.decode_bytes(seed, 32))
    except EncodingError as error:
        raise KeyProblem(f"The key was written by another version of this program. ({error})") from None
