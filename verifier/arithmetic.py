"""Number theory on big integers: units, and products of many powers.

The product of powers is Pippenger's bucket method. What makes it quick modulo n² is `Residues`: an element is
a = c·(1 + t·n) with c = a mod n, and the second factors multiply by adding their t. So the buckets are only ever
multiplied by numbers of half the length of the modulus, which almost halves the work of each step.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import gmpy2
from gmpy2 import mpz

WIDEST_WINDOW = 16
BUCKET_COST = 2.4
"""What emptying one bucket costs, in multiplications by a base: two by numbers of full length, less one saved."""


def is_unit(number: int, modulus: int) -> bool:
    """Say whether `number` has an inverse modulo `modulus`."""
    return gmpy2.gcd(number, modulus) == 1


def _window_width(live: int) -> int:
    return min(range(1, WIDEST_WINDOW + 1), key=lambda width: (live + BUCKET_COST * (1 << width)) / width)


def _one_window(powers: Sequence[tuple[mpz, int]], position: int, width: int, modulus: mpz) -> mpz:
    """Return the product of base^digit, the digit being `width` bits of the exponent from `position` up."""
    mask, one = (1 << width) - 1, mpz(1)
    buckets = [one] * (mask + 1)
    for base, exponent in powers:
        digit = exponent >> position & mask
        buckets[digit] = buckets[digit] * base % modulus
    running, product = one, one
    for digit in range(mask, 0, -1):
        running = running * buckets[digit] % modulus
        product = product * running % modulus
    return product


def product_of_powers(powers: Sequence[tuple[mpz, int]], modulus: mpz) -> mpz:
    """Return the product of base^exponent modulo `modulus`, for exponents of 0 and more.

    Windows are as wide as suits the number of exponents that reach them, so long and short exponents can be mixed.
    """
    windows: list[tuple[int, int, Sequence[tuple[mpz, int]]]] = []
    position, live = 0, [power for power in powers if power[1]]
    while live:
        width = _window_width(len(live))
        windows.append((position, width, live))
        position += width
        live = [power for power in live if power[1] >> position]
    result = mpz(1)
    for position, width, members in reversed(windows):
        for _ in range(width):
            result = result * result % modulus
        result = result * _one_window(members, position, width, modulus) % modulus
    return result


@dataclass
class Residues:
    """A growing product of powers modulo n², of elements given as integers below n².

    The sum of t·exponent over all elements is kept as one fraction, so no element is inverted on its own. Its
    denominator is the product of all c: it is a unit exactly when every element is, which is the unit check.
    """

    n: mpz
    powers: list[tuple[mpz, int]] = field(default_factory=list)
    numerator: mpz = field(default_factory=lambda: mpz(0))
    denominator: mpz = field(default_factory=lambda: mpz(1))

    def multiply(self, elements: Iterable[mpz], exponents: Iterable[int]) -> None:
        """Multiply by each element to the power of its exponent, which is 0 or more."""
        n, numerator, denominator = self.n, self.numerator, self.denominator
        for element, exponent in zip(elements, exponents, strict=True):
            high, low = gmpy2.f_divmod(element, n)
            self.powers.append((low, exponent))
            numerator = (numerator * low + exponent * high * denominator) % n
            denominator = denominator * low % n
        self.numerator, self.denominator = numerator, denominator

    def all_units(self) -> bool:
        """Say whether every element multiplied in so far is a unit."""
        return is_unit(self.denominator, self.n)

    def value(self) -> mpz:
        """Return the product modulo n²; all elements must be units."""
        square = self.n * self.n
        second = self.numerator * gmpy2.invert(self.denominator, self.n) % self.n
        return product_of_powers(self.powers, square) * (1 + second * self.n) % square
