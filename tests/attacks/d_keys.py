"""D. Keys: moduli that are not what they should be, keys shown to some and not to others, shares that do not fit."""

from collections.abc import Callable, Mapping
from functools import lru_cache

import gmpy2
from gmpy2 import mpz

from ballots import codec
from ballots.certificate import Root
from tests.attacks.forge import Forge
from tests.attacks.key_maker import KeyMaker
from tests.attacks.register import attack, attacks
from tests.support.elections import BITS
from verifier.report import CHECKS

Factors = Mapping[int, int]


def next_prime(start: int, fits: Callable[[int], bool] = lambda prime: True) -> int:
    """Return the first prime after ``start`` that fits."""
    prime = int(gmpy2.next_prime(start))
    while not fits(prime):
        prime = int(gmpy2.next_prime(prime))
    return prime


def seeded(bits: int, seed: int) -> int:
    """Return a number of exactly so many bits, its top two set."""
    return codec.expand("attack", {"bits": bits, "seed": seed}, bits - 2) % (1 << bits - 2) | 3 << bits - 2


def prime_of(bits: int, remainder: int = 3, seed: int = 0, fits: Callable[[int], bool] = lambda prime: True) -> int:
    """Return a prime of so many bits that leaves ``remainder`` when divided by 4."""
    return next_prime(seeded(bits, seed), lambda prime: prime % 4 == remainder and fits(prime))


def coprime_to(other: int) -> Callable[[int], bool]:
    return lambda prime: gmpy2.gcd((prime - 1) // 2, (other - 1) // 2) == 1 == gmpy2.gcd(prime - 1, other)


def beside(*primes: int, remainder: int, bits: int = BITS) -> int:
    """Return a prime that makes a modulus of exactly so many bits together with the others."""
    rest = 1
    for prime in primes:
        rest *= prime
    start = (seeded(bits, 7) // rest) + 1
    odd = [max(1, (prime - 1) // 2) for prime in primes]
    return next_prime(start, lambda q: q % 4 == remainder and all(gmpy2.gcd((q - 1) // 2, one) == 1 for one in odd))


def multiple_of(factor: int, bits: int, seed: int) -> int:
    """Return a prime ≡ 3 modulo 4 that is 1 more than a multiple of ``factor``."""
    k = seeded(bits, seed) // (2 * factor) | 1
    while not gmpy2.is_prime(2 * k * factor + 1):
        k += 2
    return 2 * k * factor + 1


def cube_root(number: int) -> int:
    """Return the largest number whose cube is not above this one."""
    below, above = 0, 1 << number.bit_length() // 3 + 1
    while above - below > 1:
        middle = (below + above) // 2
        below, above = (middle, above) if middle**3 <= number else (below, middle)
    return below


@lru_cache
def moduli() -> dict[str, Factors]:
    """Return what makers of keys might try, by name: each modulus by its factors."""
    half, small = prime_of(256), 65521
    blum = prime_of(256, seed=1, fits=coprime_to(half))
    pair = prime_of(171, seed=2), prime_of(171, seed=3)
    part = prime_of(100, seed=4)
    short = prime_of(64, seed=5)
    long = next_prime(half * half // small, lambda q: q % 4 == small % 4)
    sixth = next_prime(gmpy2.isqrt(seeded(512, 6) // 6), lambda p: p % 4 == 3 and gmpy2.is_prime(6 * p + 1))
    return {
        "a prime": {prime_of(512, 1): 1},
        "even": {2: 1, beside(2, remainder=1): 1},
        "3 modulo 4": {half: 1, prime_of(256, 1, 7): 1},
        "a square": {half: 2},
        "a multiple of 3": {3: 1, beside(3, remainder=3): 1},
        "a multiple of 65521": {small: 1, long: 1},
        "three primes": {pair[0]: 1, pair[1]: 1, beside(*pair, remainder=1): 1},
        "a cube": {next_prime(cube_root(seeded(512, 8)), lambda prime: prime % 4 == 1): 3},
        "a square times a prime": {pair[0]: 2, beside(pair[0], pair[0], remainder=1): 1},
        "primes that leave 1 modulo 4": {prime_of(256, 1, 9): 1, prime_of(256, 1, 10): 1},
        "one prime divides the other less 1": {sixth: 1, 6 * sixth + 1: 1},
        "primes less 1 share a factor": {multiple_of(part, 256, 12): 1, multiple_of(part, 256, 13): 1},
        "primes less 1 share the factor 3": {multiple_of(3, 256, 14): 1, multiple_of(3, 256, 15): 1},
        "one prime of 64 bits": {short: 1, beside(short, remainder=3): 1},
        "one prime of 17 bits": {prime_of(17): 1, beside(prime_of(17), remainder=3): 1},
        "of primes that are close": {half: 1, next_prime(half, lambda q: q % 4 == 3 and coprime_to(half)(q)): 1},
        "blum": {half: 1, blum: 1},
    }


def made_with(maker: KeyMaker, bits: int = BITS) -> Callable[[Forge], None]:
    """Return an attack: everything as before, but with this maker's key, certified as well as can be."""

    def apply(forge: Forge) -> None:
        forge.key, forge.shares = maker.document(forge.key, bits, forge.rng)
        forge.key_maker = maker

    return apply


def modulus(name: str) -> Callable[[Forge], None]:
    return lambda forge: made_with(KeyMaker(moduli()[name]))(forge)


def register_moduli(part: str, trustees: str, also: tuple[str, ...], *names: str) -> None:
    for name in names:
        attack("D1", part, trustees=trustees, also=also, name=f"the modulus is {name}")(modulus(name))


ALL_OF_KEY = ("2 key: roots", "2 key: size", "2 key: shares")
NOTHING_COMPUTED = ("1 encoding: ballots", "5 ballots", "6 proofs", "9 aggregates: ciphertexts", "11 partials: proofs")
register_moduli("2 key: basics", "not 1 modulo 4|prime", ALL_OF_KEY, "a prime", "3 modulo 4")
register_moduli("2 key: basics", "square|prime factor", ALL_OF_KEY, "a square", "a multiple of 65521")
register_moduli("2 key: basics", "so close", ALL_OF_KEY, "of primes that are close")
register_moduli("2 key: basics", "prime factor", (*ALL_OF_KEY, "11 partials: proofs"), "a multiple of 3")
register_moduli("2 key: basics", "not 1 modulo 4", (*ALL_OF_KEY, *NOTHING_COMPUTED), "even")
register_moduli(
    "2 key: roots",
    "Root .* does not hold",
    ("2 key: size", "2 key: shares"),
    "three primes",
    "a cube",
    "a square times a prime",
)
register_moduli(
    "2 key: roots",
    "Root .* does not hold",
    ("2 key: shares",),
    "primes that leave 1 modulo 4",
    "one prime divides the other less 1",
    "primes less 1 share a factor",
    "primes less 1 share the factor 3",
)
register_moduli("2 key: size", "may be small", (), "one prime of 64 bits", "one prime of 17 bits")


@attack("D1", "2 key: basics", trustees="not of 512 bits", also=tuple(CHECKS))
def a_modulus_shorter_than_the_manifest_says(forge: Forge) -> None:
    p = prime_of(248)
    made_with(KeyMaker({p: 1, prime_of(248, seed=1, fits=coprime_to(p)): 1}))(forge)


@attack("D1", "2 key: basics", trustees="2048", allow_test_keys=False)
def test_parameters_in_earnest(forge: Forge) -> None:
    pass


class OwnBases(KeyMaker):
    """A maker who certifies powers of bases of its own choice."""

    def roots(self) -> list[Root]:
        return [Root(0, 0, self.key().encode_residue(4 + index)) for index in range(128)]


class OwnSizeBases(KeyMaker):
    """A maker whose size proof is about the base 4 instead of bases that nobody picks."""

    def base(self, index: int) -> mpz:
        return mpz(4)


class OwnShareBase(KeyMaker):
    """A maker whose share keys are powers of 4."""

    def share_base(self) -> mpz:
        return mpz(4)


class CarelessChallenge(KeyMaker):
    """A maker whose size proof is challenged by n alone, so that commitments can be chosen afterwards."""

    def hashed_commitments(self, texts: list[str]) -> list[str]:
        return []


def own_certificate(kind: type[KeyMaker]) -> Callable[[Forge], None]:
    return lambda forge: made_with(kind(forge.key_maker.factors))(forge)


attacks("B7", "2 key: roots", "Root 0 .* does not hold", roots_of_chosen_numbers=own_certificate(OwnBases))
attacks("B7", "2 key: size", "Size proof 0", sizes_to_a_chosen_base=own_certificate(OwnSizeBases))
attacks("B2", "2 key: size", "Size proof 0", size_challenge_of_n_alone=own_certificate(CarelessChallenge))
attacks(
    "B7",
    "2 key: shares",
    "do not belong to this modulus",
    ("11 partials: proofs",),
    share_keys_to_a_chosen_base=own_certificate(OwnShareBase),
)


@attack("B7", "2 key: roots", trustees="Root 0 .* does not hold")
def the_certificate_of_another_modulus(forge: Forge) -> None:
    other, _ = KeyMaker(moduli()["blum"]).document(forge.key, BITS, forge.rng)
    key, roots = forge.election.key, other["certificate"]["roots"]
    for root in roots:
        root["x"] = key.encode_residue(codec.decode_number(root["x"], key.width) % key.n)
    forge.key["certificate"]["roots"] = roots


# --- D3: shown to some and not to others; trustee 3 is honest and signs nothing but the true election


def behind_trustee_3(forge: Forge) -> None:
    forge.honest = {"trustee 3"}
    forge.drop(*(step for step in forge.steps if step.body.get("trustee") == 3))


@attack("D3", "4 opening: open", trustees="open.*signature does not fit")
def the_trustees_saw_another_manifest(forge: Forge) -> None:
    behind_trustee_3(forge)
    forge.manifest["contests"][7]["rule"]["percent"] = 90


@attack("D3", "4 opening: open", trustees="open.*signature does not fit")
def the_trustees_saw_another_key(forge: Forge) -> None:
    behind_trustee_3(forge)
    made_with(KeyMaker(moduli()["blum"]))(forge)


@attack("D3", "4 opening: open", trustees="open.*signature does not fit")
def the_trustees_saw_another_roll(forge: Forge) -> None:
    behind_trustee_3(forge)
    forge.roll[0]["weight"] += 1


@attack("D3", "4 opening: open", trustees="another election")
def the_opening_names_another_election(forge: Forge) -> None:
    other = forge.copy()
    other.manifest["title"] = {"en": "Another"}
    forge.find("open").fixed = {"election": other.redo().fingerprint}


@attack("D3", "4 opening: open", trustees="signed by all 3")
def one_trustee_did_not_sign_the_opening(forge: Forge) -> None:
    signatures = forge.find("open").body["signatures"]
    forge.find("open").fixed = {"signatures": {**signatures, "trustees": signatures["trustees"][:2]}}


@attack("D3", "4 opening: open", trustees="open.*signature does not fit")
def one_trustee_signed_the_opening_for_another(forge: Forge) -> None:
    signatures = forge.find("open").body["signatures"]
    one, _, three = signatures["trustees"]
    forge.find("open").fixed = {"signatures": {**signatures, "trustees": [one, one, three]}}


@attack("D1", "4 opening: key", trustees="made for another manifest")
def the_key_of_another_election(forge: Forge) -> None:
    other = forge.copy()
    other.manifest["title"] = {"en": "Another"}
    forge.key_for = str(other.redo().key["manifest"])


@attack("D1", "4 opening: key", trustees="dealer's")
def a_key_that_no_dealer_made(forge: Forge) -> None:
    forge.key["dealer"] = False


@attack("D1", "4 opening: key", trustees="names differ")
def the_trustees_of_another_manifest(forge: Forge) -> None:
    forge.key["trustees"][1]["name"] = "Somebody"


@attack("D1", "4 opening: key", trustees="share_bits")
def shares_said_to_be_longer_than_n(forge: Forge) -> None:
    forge.key["share_bits"] = BITS + 16


@attack("D1", "4 opening: keys", trustees="stands twice")
def a_trustee_with_the_boards_signing_key(forge: Forge) -> None:
    forge.keys["trustee 2"] = forge.keys["board"]
    forge.key["trustees"][1]["key"] = forge.manifest["board_key"]


@attack("D1", "4 opening: keys", trustees="prime order", also=("4 opening: open",))
def a_trustee_with_a_key_of_small_order(forge: Forge) -> None:
    forge.key["trustees"][2]["key"] = codec.encode_bytes(b"\1" + b"\0" * 31)
    forge.drop(*(step for step in forge.steps if step.body.get("trustee") == 3))
    # R = the neutral point and S = 0 are a signature of the neutral key over anything, for a verifier that takes it.
    anything = codec.encode_bytes(b"\1" + b"\0" * 63)
    forge.rewrite = {("open", "trustee 3"): anything}
