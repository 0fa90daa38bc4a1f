"""Many powers of one base by Lim and Lee's comb (CRYPTO '94, "More flexible exponentiation")."""

import gmpy2
from gmpy2 import mpz

ROWS = 8


class Comb:
    """A table of 255 numbers that makes a power of ``base`` cost bits/8 squarings and products.

    Args:
        base: A unit modulo ``modulus``.
        modulus: Any modulus.
        exponent_bits: The longest exponent's bit length.
    """

    def __init__(self, base: int, modulus: mpz, exponent_bits: int) -> None:
        """Build the table."""
        self.modulus = modulus
        self.columns = -(-exponent_bits // ROWS)
        self._table = [mpz(1)]
        row = mpz(base) % modulus
        for index in range(ROWS):
            self._table += [entry * row % modulus for entry in self._table]
            if index < ROWS - 1:
                row = gmpy2.powmod(row, mpz(1) << self.columns, modulus)

    def power(self, exponent: int) -> mpz:
        """Compute ``base^exponent`` modulo the modulus; the exponent may be negative."""
        size = abs(exponent)
        if size.bit_length() > ROWS * self.columns:
            raise ValueError("The exponent is longer than the comb was built for.")
        digits = f"{size:0{ROWS * self.columns}b}"
        result = mpz(1)
        for column in range(self.columns):
            index = int(digits[column :: self.columns], 2)
            result = result * result % self.modulus
            if index:
                result = result * self._table[index] % self.modulus
        return gmpy2.invert(result, self.modulus) if exponent < 0 else result
