"""Forgeries by the maker of the key: everything holds but the key's certificate, which alone names them."""

from itertools import product
from pathlib import Path
from typing import Any

import gmpy2
import pytest
from gmpy2 import mpz

from ballots import codec
from ballots.ballot import parse_ballot, verify_ballot
from ballots.certificate import check_basics
from ballots.errors import CertificateError
from ballots.keys import check_key
from tests.attacks.base import Play, take_apart
from tests.attacks.d_keys import made_with, moduli
from tests.attacks.forge import Forge, Opening
from tests.attacks.judges import trustee_refuses, verify
from tests.attacks.key_maker import KeyMaker
from tests.attacks.smooth import MOVED, NOMINAL, OPTIONS, choices_of, error_for, gain, smooth_modulus, vote_with_error
from tests.support.elections import BITS, contest, simulate

RACE = contest("race", "choose", OPTIONS, {"name": "plurality", "seats": 1}, min=1, max=1)


def nine_roots_and_trial_division(maker: KeyMaker) -> None:
    """See that a modulus passes what is a certificate elsewhere: nine n-th roots, and no small factor."""
    key = maker.key()
    check_basics(key, BITS)
    for index in range(9):
        y = mpz(codec.expand("root", {"n": key.text, "i": index}, key.bits + 128)) % key.n
        assert gmpy2.powmod(gmpy2.powmod(y, maker.inverse(int(key.n)), key.n), key.n, key.n) == y


def opens_to(forge: Forge, contest: int) -> mpz:
    """See that a contest's certificate passes the plain equation C = (1 + M·n)·R^n, and return M."""
    assert forge.tally is not None
    key, told = forge.election.key, forge.tally["contests"][contest]
    ciphertext = key.decode_ciphertext(told["ciphertexts"][0])
    plaintext = codec.decode_number(told["certificates"][0]["m"], key.width)
    root = key.decode_residue(told["certificates"][0]["r"])
    assert key.plain(plaintext) * key.nth_power(root) % key.n_squared == ciphertext
    return mpz(plaintext)


def only_the_key_fails(forge: Forge, folder: Path, *parts: str) -> None:
    record = forge.write(folder / "record")
    report = verify(record)
    assert report.exit_code == 1
    assert report.failed_checks() == ["2 key"]
    assert set(report.failed_parts()) == {f"2 key: {part}" for part in parts}
    with pytest.raises(CertificateError) as refused:
        check_key(forge.election.key_document, forge.election.manifest)
    assert str(refused.value) in trustee_refuses(record)


def proofs_hold(forge: Forge) -> None:
    """See that every ballot passes the plain check of every proof."""
    for step in forge.ballots:
        assert step.voter is not None
        verify_ballot(forge.election, parse_ballot(step.sealed, forge.election, step.voter.style))


def test_a_smooth_modulus_moves_votes_past_every_check_but_the_keys_roots(tmp_path: Path) -> None:
    simulation = simulate([RACE], voters=sum(NOMINAL))
    simulation.open()
    play = Play(simulation)
    for voter, option in zip(simulation.voters, choices_of(NOMINAL), strict=True):
        play.cast(voter, {"race": [option]})
    simulation.close()
    simulation.tally()
    forge = take_apart(play)
    assert forge.tally is not None
    assert forge.tally["contests"][0]["outcome"]["elected"] == [OPTIONS[0]]

    maker, primes, moves = smooth_modulus()
    nine_roots_and_trial_division(maker)
    made_with(maker)(forge)
    forge.redo()
    assert opens_to(forge, 0) == gain(NOMINAL)
    for step, prime in zip(forge.ballots, primes, strict=False):
        vote_with_error(forge, step, error_for(maker, prime, gain(moves)), prime)
    forge.redo()

    proofs_hold(forge)
    assert opens_to(forge, 0) == gain(NOMINAL) + gain(moves)
    assert forge.tally is not None
    assert forge.tally["contests"][0]["totals"][0] == NOMINAL[0] - MOVED
    assert forge.tally["contests"][0]["outcome"]["elected"] == [OPTIONS[-1]]
    only_the_key_fails(forge, tmp_path, "roots")


def test_a_short_prime_lets_proofs_hold_for_votes_that_are_none(valid: Forge, tmp_path: Path) -> None:
    """Two voters' errors cancel, so the count is right; a single one would spoil it past repair."""
    forge, maker = valid.copy(), KeyMaker(moduli()["one prime of 17 bits"])
    short = min(maker.factors)
    nine_roots_and_trial_division(maker)
    made_with(maker)(forge)
    forge.redo()
    for number, sign in ((4, 1), (8, -1)):
        step = forge.ballots_of(forge.voters[number])[0]
        vote_with_error(forge, step, sign * error_for(maker, short, 1), short)
    forge.redo()

    proofs_hold(forge)
    assert forge.tally is not None
    assert valid.tally is not None
    told, right = forge.tally["contests"], valid.tally["contests"]
    assert [one["totals"] for one in told] == [one["totals"] for one in right]
    only_the_key_fails(forge, tmp_path, "size")


def test_powers_of_primes_open_one_ciphertext_to_two_numbers(valid: Forge, tmp_path: Path) -> None:
    """n = 65537^a·r^b: M is only certain modulo 65537·r, so (M, R) and (M', R') both pass the plain equation.

    No voter has to help. The share keys cannot be right either, since n has no inverse modulo λ(n).
    """
    powers, delta = powers_for(contests(valid)[0]["totals"])
    forge, maker = valid.copy(), KeyMaker(powers)
    check_basics(maker.key(), BITS)
    honest = [
        [int(codec.decode_number(one["m"], BITS // 8)) for one in told["certificates"]] for told in contests(valid)
    ]

    def opened(openings: list[list[Opening]]) -> list[list[Opening]]:
        right = [
            [maker.reopen(m, r, mpz(wanted)) for (m, r), wanted in zip(group, numbers, strict=True)]
            for group, numbers in zip(openings, honest, strict=True)
        ]
        key, ciphertext = forge.election.key, forge.add_up(forge.counted(forge.place(forge.find("close"))))[0]
        for m, r in (right[0][0], moved := maker.reopen(*right[0][0], right[0][0][0] + delta)):
            assert key.plain(int(m)) * key.nth_power(r) % key.n_squared == ciphertext.ciphertexts[0]
        return [[moved], *right[1:]]

    made_with(maker)(forge)
    forge.opened = opened
    forge.redo()
    proofs_hold(forge)
    assert opens_to(forge, 0) == honest[0][0] + delta
    assert contests(valid)[0]["outcome"]["elected"] == ["ada"]
    assert contests(forge)[0]["outcome"]["elected"] == ["ben"]
    only_the_key_fails(forge, tmp_path, "roots", "size", "shares")


def test_a_prime_that_divides_the_other_less_1_leaves_several_roots_but_one_plaintext() -> None:
    """gcd(n, φ(n)) ≠ 1 alone does not forge: for an n without squares, R^n = 1 modulo n only if it is 1 modulo n²."""
    maker = KeyMaker(moduli()["one prime divides the other less 1"])
    key, (p, q) = maker.key(), sorted(maker.factors)
    ciphertext = key.plain(1234) * key.nth_power(56789) % key.n_squared
    plaintext, root = maker.open(ciphertext)
    unity = gmpy2.powmod(3, (q - 1) // p, q)
    other = root * (1 + p * gmpy2.invert(p, q) * (unity - 1)) % key.n
    assert other != root
    assert plaintext == 1234
    assert key.plain(1234) * key.nth_power(root) % key.n_squared == ciphertext
    assert key.plain(1234) * key.nth_power(other) % key.n_squared == ciphertext


def contests(forge: Forge) -> list[dict[str, Any]]:
    assert forge.tally is not None
    return list(forge.tally["contests"])


def powers_for(totals: list[int]) -> tuple[dict[int, int], int]:
    """Find a modulus of powers of two primes, and a number that moves votes and is a multiple of both.

    65537 divides 2^32−1 and so every number that moves votes; the other prime is a factor of what is left.
    """
    for second, third in product(range(1, sum(totals)), range(-totals[2], totals[0])):
        moved = gain((-second - third, second, third))
        large = moved // (2**32 - 1)
        for factor in range(2, 1000):
            while large % factor == 0:
                large //= factor
        if second + third > totals[0] or not large > 65537 or not gmpy2.is_prime(large):
            continue
        for a, b in product(range(1, 32), range(1, 32)):
            if (a | b) & 1 and (n := 65537**a * large**b).bit_length() == BITS and n % 4 == 1:
                return {65537: a, large: b}, moved
    raise AssertionError("no powers fit")
