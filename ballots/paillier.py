"""Paillier with g = 1 + n: the only module that knows the library ``phe``.

``phe`` encrypts; everything here is integers in, integers out. Three habits of ``phe`` 1.5 that
would break proofs stay behind this door: ``EncryptedNumber.ciphertext()`` re-randomises,
``r_value=0`` silently becomes random, and floats are taken.
"""

from dataclasses import dataclass
from functools import cached_property

import gmpy2
import phe.util
from gmpy2 import mpz
from phe.paillier import PaillierPublicKey

from ballots import codec
from ballots.errors import EncodingError
from ballots.manifest import slots_of

if not phe.util.HAVE_GMP:  # pragma: no cover
    raise ImportError("phe runs without gmpy2, which is a hundred times slower. Install gmpy2.")


@dataclass(frozen=True)
class PublicKey:
    """A Paillier modulus n; its ciphertexts are units modulo n²."""

    n: mpz

    @cached_property
    def bits(self) -> int:
        """|n|, the bit length of n."""
        return self.n.bit_length()

    @cached_property
    def width(self) -> int:
        """W, the bytes of a number modulo n; ciphertexts take 2W."""
        return self.bits // 8

    @cached_property
    def n_squared(self) -> mpz:
        """n²."""
        return self.n * self.n

    @cached_property
    def slots(self) -> int:
        """How many 32-bit slots one ciphertext may carry (section 3, cap)."""
        return slots_of(self.bits)

    @cached_property
    def text(self) -> str:
        """N as it stands in hashes and files, W bytes."""
        return codec.encode_number(int(self.n), self.width)

    @cached_property
    def _phe(self) -> PaillierPublicKey:
        return PaillierPublicKey(int(self.n))

    def encrypt(self, plaintext: int, randomness: int) -> mpz:
        """Compute ``(1 + m·n)·r^n mod n²``.

        Args:
            plaintext: m, 0 … n−1.
            randomness: r, a unit modulo n.
        """
        if not 0 < randomness < self.n or not self.is_unit(randomness):
            raise EncodingError("The randomness of an encryption must be a unit modulo n.")
        return mpz(self._phe.raw_encrypt(int(plaintext), r_value=int(randomness)))

    def plain(self, value: int) -> mpz:
        """Compute ``1 + m·n mod n²``, the ciphertext of m without randomness; m may be negative."""
        return (1 + mpz(value) % self.n * self.n) % self.n_squared

    def nth_power(self, root: int) -> mpz:
        """Compute ``root^n mod n²``."""
        return gmpy2.powmod(root, self.n, self.n_squared)

    def is_unit(self, value: int) -> bool:
        """Tell whether a number shares no factor with n."""
        return gmpy2.gcd(mpz(value), self.n) == 1

    def decode_residue(self, text: codec.Json) -> mpz:
        """Decode a unit modulo n, W bytes.

        Raises:
            EncodingError: Another width, n or more, or not a unit.
        """
        return self._unit(codec.decode_number(text, self.width), self.n)

    def decode_ciphertext(self, text: codec.Json) -> mpz:
        """Decode a unit modulo n², 2W bytes.

        Raises:
            EncodingError: Another width, n² or more, or not a unit.
        """
        return self._unit(codec.decode_number(text, 2 * self.width), self.n_squared)

    def encode_residue(self, value: int) -> str:
        """Encode a number of W bytes."""
        return codec.encode_number(int(value), self.width)

    def encode_ciphertext(self, value: int) -> str:
        """Encode a number of 2W bytes."""
        return codec.encode_number(int(value), 2 * self.width)

    def _unit(self, value: int, modulus: mpz) -> mpz:
        if not 0 < value < modulus or not self.is_unit(value):
            raise EncodingError("A number is not a unit below its modulus.")
        return mpz(value)
