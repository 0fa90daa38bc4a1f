"""The key document: n, the trustees' share keys and the certificate (sections 3 and 9)."""

from functools import cached_property
from typing import Literal

import msgspec
from gmpy2 import mpz

from ballots import certificate, codec, threshold
from ballots.errors import CertificateError, EncodingError, KeyRefused, SignatureRefused
from ballots.manifest import Manifest
from ballots.paillier import PublicKey
from ballots.signatures import check_public_key


class TrusteeKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A trustee's name, signing key and share key v_i = v^(s_i) mod n."""

    name: str
    key: str
    v: str


class KeyDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """The fields of ``key.json``; numbers still as text."""

    version: Literal[1]
    manifest: str
    n: str
    dealer: bool
    share_bits: int
    trustees: list[TrusteeKey]
    certificate: certificate.Certificate

    def encode(self) -> bytes:
        """Encode as the canonical bytes of ``key.json``."""
        return codec.encode_canonical(msgspec.to_builtins(self))

    @cached_property
    def hash(self) -> bytes:
        """``H("evote/1/key", key)``, 32 bytes."""
        return codec.hash_canonical("key", self.encode())

    @cached_property
    def public(self) -> PublicKey:
        """The Paillier modulus; of any size until :func:`check_key` has passed.

        Raises:
            KeyRefused: n is not a number of its own width.
        """
        try:
            n = codec.decode_number(self.n, len(self.n) * 3 // 4)
        except EncodingError as error:
            raise KeyRefused("The modulus is malformed. %(error)s", error=error) from None
        return PublicKey(mpz(n))

    def share_key(self, trustee: int) -> mpz:
        """Return v_i of trustee i (from 1); raises :class:`EncodingError` if it is not a unit."""
        return self.public.decode_residue(self.trustees[trustee - 1].v)


def parse_key(data: bytes) -> KeyDocument:
    """Parse ``key.json`` by its form only; :func:`check_key` judges it.

    Raises:
        EncodingError: Not canonical JSON.
        KeyRefused: A field is missing, unknown or of another type.
    """
    try:
        return msgspec.convert(codec.parse_canonical(data), KeyDocument, strict=True)
    except msgspec.ValidationError as error:
        raise KeyRefused("The key document is not of its form: %(error)s", error=error) from None


def check_key(document: KeyDocument, manifest: Manifest) -> None:
    """Check that a key belongs to a manifest and that its certificate and share keys hold.

    Takes about two seconds at 3072 bits.

    Raises:
        KeyRefused: As :func:`check_belonging`.
        CertificateError: The certificate or a share key does not hold.
    """
    check_belonging(document, manifest)
    certificate.verify_certificate(document.public, manifest.modulus_bits, document.certificate)
    try:
        share_keys = [document.share_key(index) for index in range(1, manifest.trustees.total + 1)]
    except EncodingError as error:
        raise CertificateError("A trustee's share key is malformed. %(error)s", error=error) from None
    threshold.verify_share_keys(document.public, share_keys, manifest.trustees.threshold)


def check_belonging(document: KeyDocument, manifest: Manifest) -> None:
    """Check that a key document is for a manifest, as far as that needs no arithmetic.

    Raises:
        KeyRefused: It is for another manifest, another size or other trustees, or a signing key stands twice.
        CertificateError: The modulus is not as wide as the manifest says.
    """
    if document.manifest != manifest.hash_text:
        raise KeyRefused("The key was made for another manifest.")
    if not document.dealer or document.share_bits != manifest.modulus_bits:
        raise KeyRefused("The key must be a dealer's, with share_bits equal to modulus_bits.")
    if [trustee.name for trustee in document.trustees] != manifest.trustees.names:
        raise KeyRefused("The trustees' names differ from the manifest's.")
    check_distinct_keys(document, manifest)
    if len(document.n) != -(-manifest.modulus_bits // 6):
        raise CertificateError("The modulus is not of %(modulus_bits)s bits.", modulus_bits=manifest.modulus_bits)


def check_distinct_keys(document: KeyDocument, manifest: Manifest) -> None:
    """Check the trustees' signing keys and that no key of the election stands twice.

    Raises:
        KeyRefused: A key is malformed or stands twice.
    """
    keys = [trustee.key for trustee in document.trustees]
    try:
        for key in keys:
            check_public_key(key)
    except SignatureRefused as error:
        raise KeyRefused("A trustee's signing key is refused. %(error)s", error=error) from None
    everyone = [*manifest.signing_keys, *keys]
    if len(set(everyone)) != len(everyone):
        raise KeyRefused("A signing key stands twice among board, registrar, official, observers and trustees.")
