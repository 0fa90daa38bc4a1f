"""Secret files: JSON sealed with a passphrase by scrypt (RFC 7914) and AES-256-GCM.

The header (kind, version, owner, scrypt parameters, nonce) is authenticated with the content,
so a share cannot be passed off as one of another election.
"""

import hashlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ballots import codec
from ballots.errors import EncodingError, SealedFileError

SCRYPT_COST = 1 << 17
"""scrypt's n in earnest: 128 MiB and about half a second a try. Tests pass a lower one."""
_BLOCK, _PARALLEL = 8, 1
_MAX_COST = 1 << 20
SALT_BYTES, NONCE_BYTES = 16, 12


def seal(kind: str, owner: str, secret: codec.Json, passphrase: str, random: bytes, cost: int = SCRYPT_COST) -> bytes:
    """Seal a value with a passphrase.

    Args:
        kind: What the file is, e.g. ``trustee-share``.
        owner: What it belongs to, e.g. the manifest's hash; may be empty.
        secret: The value to hide.
        passphrase: Any text; it is not stored.
        random: 28 fresh random bytes: salt and nonce.
        cost: scrypt's n, a power of two.
    """
    salt, nonce = random[:SALT_BYTES], random[SALT_BYTES : SALT_BYTES + NONCE_BYTES]
    header = {
        "version": 1,
        "kind": kind,
        "owner": owner,
        "scrypt": {"n": cost, "r": _BLOCK, "p": _PARALLEL, "salt": codec.encode_bytes(salt)},
        "nonce": codec.encode_bytes(nonce),
    }
    key = _derive(passphrase, salt, cost)
    sealed = AESGCM(key).encrypt(nonce, codec.encode_canonical(secret), codec.encode_canonical(header))
    return codec.encode_canonical({**header, "ciphertext": codec.encode_bytes(sealed)})


def unseal(data: bytes, kind: str, passphrase: str) -> tuple[str, codec.Json]:
    """Open a sealed file; returns its owner and the value.

    Raises:
        SealedFileError: The file is damaged or truncated, of another kind, or the passphrase is wrong.
    """
    try:
        fields = codec.parse_canonical(data)
        version, found, owner, scrypt, nonce, ciphertext = codec.take(
            fields, "version", "kind", "owner", "scrypt", "nonce", "ciphertext"
        )
        cost, block, parallel, salt_text = codec.take(scrypt, "n", "r", "p", "salt")
        salt, nonce_bytes = codec.decode_bytes(salt_text, SALT_BYTES), codec.decode_bytes(nonce, NONCE_BYTES)
        sealed = codec.decode_bytes(ciphertext, len(str(ciphertext)) * 3 // 4)
    except EncodingError as error:
        raise SealedFileError("The file is damaged or cut short; use a backup copy. (%(error)s)", error=error) from None
    if version != 1 or found != kind:
        raise SealedFileError(
            "This file is a '%(found)s' of version %(version)s; a '%(kind)s' is needed.",
            found=str(found)[:40],
            version=version,
            kind=kind,
        )
    sound = isinstance(cost, int) and 2 <= cost <= _MAX_COST and cost & (cost - 1) == 0
    if not sound or block != _BLOCK or parallel != _PARALLEL or not isinstance(owner, str):
        raise SealedFileError("The file's header is not one that this program writes; use a backup copy.")
    header = {key: value for key, value in fields.items() if key != "ciphertext"}
    try:
        opened = AESGCM(_derive(passphrase, salt, cost)).decrypt(nonce_bytes, sealed, codec.encode_canonical(header))
        return owner, codec.parse_canonical(opened)
    except (InvalidTag, EncodingError):
        raise SealedFileError(
            "The passphrase is wrong, or the file was changed. Try again; if it is surely right, use a backup copy."
        ) from None


def _derive(passphrase: str, salt: bytes, cost: int) -> bytes:
    memory = 128 * cost * _BLOCK + (1 << 20)
    try:
        password = passphrase.encode("utf-8")
    except UnicodeEncodeError:
        raise SealedFileError("The passphrase holds bytes that are no text; type it anew.") from None
    return hashlib.scrypt(password, salt=salt, n=cost, r=_BLOCK, p=_PARALLEL, maxmem=memory, dklen=32)
