"""Proofs of one statement: complete, sound against wrong witnesses, and tied to every number (section 4)."""

import random
from dataclasses import replace
from functools import cache

import pytest
from gmpy2 import mpz
from hypothesis import given
from hypothesis import strategies as st

from ballots import codec, proofs
from ballots.contests import Statement
from ballots.errors import ProofError
from ballots.paillier import PublicKey
from ballots.proofs import (
    CHALLENGE_MODULUS,
    PlainSecrets,
    Proof,
    Secrets,
    ShortSecrets,
    commit,
    derive_short_base,
    respond,
    verify_proof,
    weight_sum_of,
)
from tests.support.elections import BITS, safe_primes

P, Q = safe_primes(BITS)
KEY = PublicKey(mpz(P) * Q)
RNG = random.Random("proofs")
CHALLENGE = RNG.getrandbits(128)

BIT = Statement(((0, 1),), (0, 1))
TRIPLE = Statement(((0, 1), (1, 1), (2, -1)), (0, 1))
SUM = Statement(((0, 1), (1, 2), (2, 4)), (5,))
PACKED = Statement(((0, 1),), tuple(2 ** (32 * place) for place in range(4)))
SHIFTED = Statement(((0, 3), (1, -2)), (0, 1, 7), constant=4)
TRUE = [
    (BIT, [0]),
    (BIT, [1]),
    (TRIPLE, [0, 1, 1]),
    (TRIPLE, [1, 0, 0]),
    (SUM, [1, 0, 1]),
    (PACKED, [2**64]),
    (SHIFTED, [1, 0]),
    (SHIFTED, [0, 2]),
    (Statement(((0, 1),), (9,)), [9]),
]


@cache
def plain() -> PlainSecrets:
    return PlainSecrets(KEY, RNG.getrandbits)


@cache
def short() -> ShortSecrets:
    return ShortSecrets(KEY, 8, RNG.getrandbits)


def prove(
    statement: Statement, plaintexts: list[int], secrets: Secrets, shown: Statement | None = None
) -> tuple[list[mpz], Proof]:
    """Encrypt and prove; ``shown`` is the statement of the values that are pretended."""
    cell_secrets = [secrets.draw() for _ in plaintexts]
    cells = [
        KEY.plain(plaintext) * secrets.power(secret) % KEY.n_squared
        for plaintext, secret in zip(plaintexts, cell_secrets, strict=True)
    ]
    commitment = commit(KEY, shown or statement, plaintexts, cell_secrets, secrets, RNG.getrandbits)
    return cells, respond(KEY, commitment, CHALLENGE, secrets)


@pytest.mark.parametrize("secrets", [plain, short])
@pytest.mark.parametrize(("statement", "plaintexts"), TRUE)
def test_true_statements_verify(statement: Statement, plaintexts: list[int], secrets: type) -> None:
    cells, proof = prove(statement, plaintexts, secrets())
    verify_proof(KEY, statement, cells, proof, CHALLENGE)
    assert all(2 * response < KEY.n for response in proof.responses)
    assert len(proof.commitments) == len(proof.challenges) == len(proof.responses) == len(statement.values)


@pytest.mark.parametrize("secrets", [plain, short])
def test_false_statements_are_not_proved(secrets: type) -> None:
    for statement, plaintexts in ((BIT, [2]), (BIT, [-1]), (TRIPLE, [0, 0, 1]), (SUM, [0, 0, 0])):
        with pytest.raises(ProofError, match="false statement cannot be proved"):
            prove(statement, plaintexts, secrets())


@given(st.integers(-3, 2**33), st.sampled_from([plain, short]))
def test_a_wrong_witness_never_verifies(value: int, secrets: type) -> None:
    # The prover makes an honest proof that the cell holds `value` or 1, and shows it as a proof of 0 or 1.
    if value in (0, 1):
        value = 2
    pretended = Statement(((0, 1),), (value, 1))
    cells, proof = prove(BIT, [value], secrets(), shown=pretended)
    verify_proof(KEY, pretended, cells, proof, CHALLENGE)
    with pytest.raises(ProofError, match="does not hold"):
        verify_proof(KEY, BIT, cells, proof, CHALLENGE)


@given(st.integers(0, 1), st.integers(0, 2**128 - 1))
def test_simulating_every_branch_fixes_the_challenge(value: int, challenge: int) -> None:
    # All branches simulated: the equations hold whatever the cell is, only the sum of challenges gives it away.
    cell = KEY.encrypt(77, 12345)
    parts, responses, commitments = [value, 2**127 + value], [mpz(2), mpz(3)], []
    for allowed, part, response in zip(BIT.values, parts, responses, strict=True):
        inverse = pow(int(cell * KEY.plain(-allowed)), -part, int(KEY.n_squared))
        commitments.append(mpz(KEY.nth_power(response) * inverse % KEY.n_squared))
    proof = Proof(tuple(commitments), tuple(parts), tuple(responses))
    verify_proof(KEY, BIT, [cell], proof, sum(parts) % CHALLENGE_MODULUS)
    if challenge != sum(parts) % CHALLENGE_MODULUS:
        with pytest.raises(ProofError, match="do not add up"):
            verify_proof(KEY, BIT, [cell], proof, challenge)


@given(st.data())
def test_every_number_of_a_proof_matters(data: st.DataObject) -> None:
    statement, plaintexts = data.draw(st.sampled_from(TRUE))
    cells, proof = prove(statement, plaintexts, short())
    branch = data.draw(st.integers(0, len(statement.values) - 1))
    field = data.draw(st.sampled_from(["commitments", "challenges", "responses"]))
    numbers = list(getattr(proof, field))
    numbers[branch] += data.draw(st.integers(1, 2**64))
    changed = replace(proof, **{field: tuple(numbers)})
    with pytest.raises(ProofError):
        verify_proof(KEY, statement, cells, changed, CHALLENGE)
    with pytest.raises(ProofError, match="do not add up"):
        verify_proof(KEY, statement, cells, proof, CHALLENGE ^ 1 << branch)
    cells[0] = cells[0] * 2 % KEY.n_squared
    with pytest.raises(ProofError, match="does not hold"):
        verify_proof(KEY, statement, cells, proof, CHALLENGE)


def test_only_the_smaller_response_is_accepted() -> None:
    cells, proof = prove(BIT, [1], short())
    other = replace(proof, responses=(KEY.n - proof.responses[0], proof.responses[1]))
    with pytest.raises(ProofError, match="not the smaller"):
        verify_proof(KEY, BIT, cells, other, CHALLENGE)


def test_the_sign_of_a_commitment_does_not_matter() -> None:
    cells, proof = prove(BIT, [1], short())
    first, second = proof.commitments
    verify_proof(KEY, BIT, cells, replace(proof, commitments=(KEY.n_squared - first, second)), CHALLENGE)


@pytest.mark.parametrize("bad", [0, P, int(KEY.n), 3 * int(KEY.n)])
def test_numbers_that_are_no_units_are_refused(bad: int) -> None:
    cells, proof = prove(BIT, [1], short())
    zero = mpz(0)
    for changed in (
        replace(proof, commitments=(mpz(bad), proof.commitments[1])),
        replace(proof, responses=(mpz(bad), proof.responses[1])),
        replace(proof, commitments=(zero, zero), responses=(zero, zero)),
    ):
        with pytest.raises(ProofError, match="not a unit"):
            verify_proof(KEY, BIT, cells, changed, CHALLENGE)


def test_one_branch_has_the_whole_challenge() -> None:
    _, proof = prove(SUM, [1, 0, 1], plain())
    assert proof.challenges == (CHALLENGE,)


def test_the_short_base_is_picked_by_nobody() -> None:
    base = derive_short_base(KEY)
    assert (base + mpz(codec.expand("h", {"n": KEY.text}, 640)) ** 2) % KEY.n == 0


def test_short_exponents_have_their_lengths() -> None:
    assert all(short().draw() < 2**256 for _ in range(50))
    statement_bits = {weight_sum_of(statement): statement for statement, _ in TRUE}
    assert weight_sum_of(SUM) == 7
    assert weight_sum_of(SHIFTED) == 5
    seen: list[int] = []
    drawn = ShortSecrets(KEY, 8, lambda bits: seen.append(bits) or 0)  # type: ignore[func-returns-value]
    for weight_sum, statement in statement_bits.items():
        drawn.mask(statement)
        # T = 2^(|n|/2 + 256 + s) with 2^s ≥ Σ|weight|, and no larger than needed.
        extra = seen.pop() - 256 - 256
        assert 2**extra >= weight_sum > 2**extra // 2


@given(st.integers(-(2**40), 2**40), st.integers(0, 2**128 - 1))
def test_shift_of_both_kinds_of_secrets_is_a_homomorphism(weight: int, challenge: int) -> None:
    for secrets in (plain(), short()):
        statement = Statement(((0, weight), (1, 1)), (0,))
        first, second, mask = secrets.draw(), secrets.draw(), secrets.mask(BIT)
        combined = secrets.combine(statement.terms, (first, second))
        expected = pow(int(secrets.root(first)), weight, int(KEY.n)) * secrets.root(second) % KEY.n
        if abs(weight) < 8:
            assert secrets.root(combined) == expected
        moved = secrets.root(secrets.shift(mask, challenge, first))
        assert moved == secrets.root(mask) * pow(int(secrets.root(first)), challenge, int(KEY.n)) % KEY.n
        assert secrets.power(mask) == KEY.nth_power(secrets.root(mask))


def test_challenges_add_up_modulo_two_to_the_128() -> None:
    proof = Proof((), (CHALLENGE_MODULUS - 1, 5), ())
    proofs.check_challenges(proof, 4)
    with pytest.raises(ProofError):
        proofs.check_challenges(proof, CHALLENGE_MODULUS + 4)
