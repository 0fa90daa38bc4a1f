"""Checks 9 to 12: from the product of the counted ballots to who is elected."""

from collections.abc import Sequence
from math import factorial

import gmpy2
from gmpy2 import mpz

from . import codec
from .arithmetic import is_unit
from .certificate import share_base
from .contests import SLOT_BITS, Contest, Layout, Terms, pairs_of
from .counting import ContestFacts
from .election import Election
from .errors import Refused
from .key import SIZE_SLACK_BITS, KeyDocument, Modulus
from .outcome import decide
from .report import Findings
from .tally import ContestTally, Header, Opening, Part, Partial

SLOT_MASK = (1 << SLOT_BITS) - 1


# --- 9: what was decrypted


def check_header(found: Header, header: Header) -> None:
    """Check that a tally or a partial is about the log as it was closed.

    Raises:
        Refused: a field differs; the text says which.
    """
    for name, value in header.value().items():
        if found.value()[name] != value:
            raise Refused(f'its "{name}" is {found.value()[name]}, but the closed log says {value}')


def check_facts(contest: ContestTally, facts: ContestFacts) -> None:
    """Check the numbers of ballots and weights that a tally states for a contest.

    Raises:
        Refused: they are not as counted.
    """
    if (contest.ballots, contest.weight) != (facts.ballots, facts.weight):
        stated = f"{contest.ballots} ballots of weight {contest.weight}"
        raise Refused(f"it states {stated}; counted are {facts.ballots} of weight {facts.weight}")


def check_withheld(contest: ContestTally, facts: ContestFacts) -> None:
    """Check that a contest with too few ballots stands empty, and any other one does not.

    Raises:
        Refused: it is opened and must not be, or the other way round.
    """
    parts = (contest.ciphertexts, contest.certificates, contest.totals, contest.elected, contest.tied)
    if facts.withheld and any(parts):
        raise Refused(f"it must not be opened: {facts.withheld}")
    if not facts.withheld and not contest.ciphertexts:
        raise Refused("it is not opened, though enough ballots were counted")


def _output(cells: Sequence[mpz], terms: Terms, square: mpz) -> mpz:
    product = mpz(1)
    for cell, weight in terms:
        product = product * gmpy2.powmod(cells[cell], weight, square) % square
    return product


def pack(cells: Sequence[mpz], layout: Layout, modulus: Modulus) -> tuple[mpz, ...]:
    """Return the ciphertexts to be decrypted, from the products of all counted cells."""
    outputs = [_output(cells, terms, modulus.square) for terms in layout.outputs]
    if layout.packed:
        return tuple(outputs)
    packed, start = [], 0
    for slots in layout.slots:
        product = mpz(1)
        for output in reversed(outputs[start : start + slots]):
            product = gmpy2.powmod(product, 1 << SLOT_BITS, modulus.square) * output % modulus.square
        packed.append(product)
        start += slots
    return tuple(packed)


def check_ciphertexts(contest: ContestTally, expected: Sequence[mpz]) -> None:
    """Check that what was decrypted is the product of the counted ballots.

    Raises:
        Refused: it is not.
    """
    if len(contest.ciphertexts) != len(expected):
        raise Refused(f"it has {len(contest.ciphertexts)} ciphertexts instead of {len(expected)}")
    for number, (found, wanted) in enumerate(zip(contest.ciphertexts, expected, strict=True)):
        if found != wanted:
            raise Refused(f"ciphertext {number} is not the product of the counted ballots")


# --- 10: what came out


def check_opening(ciphertext: mpz, opening: Opening, modulus: Modulus) -> None:
    """Check a certificate: the plaintext M is the only one that the ciphertext has.

    Raises:
        Refused: the certificate is none.
    """
    if not opening.r < modulus.n or not is_unit(opening.r, modulus.n):
        raise Refused("r is not below n, or no unit")
    right = (1 + opening.m * modulus.n) * gmpy2.powmod(opening.r, modulus.n, modulus.square) % modulus.square
    if ciphertext % modulus.square != right:
        raise Refused("the ciphertext does not open to this number")


def check_cap(opening: Opening, slots: int) -> None:
    """Check that a plaintext fits its slots.

    Raises:
        Refused: it is too large.
    """
    if opening.m >> SLOT_BITS * slots:
        raise Refused(f"the decrypted number does not fit {slots} totals of {SLOT_BITS} bits")


def check_totals(contest: ContestTally, layout: Layout) -> None:
    """Check that the totals are the slots of the decrypted numbers.

    Raises:
        Refused: they are not.
    """
    totals = [
        int(opening.m >> SLOT_BITS * slot & SLOT_MASK)
        for opening, slots in zip(contest.certificates, layout.slots, strict=False)
        for slot in range(slots)
    ]
    if list(contest.totals) != totals:
        raise Refused(f"the totals {list(contest.totals)[:20]} are not the decrypted numbers {totals[:20]}")


def check_possible(contest: Contest, layout: Layout, totals: Sequence[int], weight: int) -> None:
    """Check that ballots of this weight can give these totals: each in its range, and sums as the contest demands.

    Raises:
        Refused: they cannot.
    """
    if len(totals) != len(layout.outputs) and not layout.packed:
        raise Refused(f"there are {len(totals)} totals instead of {len(layout.outputs)}")
    if any(total > layout.most * weight for total in totals):
        raise Refused(f"a total is above {layout.most * weight}, the most that weight {weight} can give")
    if layout.packed:
        if sum(totals) != weight:
            raise Refused(f"the totals add up to {sum(totals)}, not to the weight {weight}")
    elif contest.kind == "points":
        if sum(totals) > contest.points * weight:
            raise Refused(f"the totals add up to more than {contest.points} points for each of weight {weight}")
    else:
        for statement in layout.statements:
            total = sum(times * totals[cell] for cell, times in statement.terms)
            if not statement.values[0] * weight <= total <= statement.values[-1] * weight:
                raise Refused(f"totals {[cell for cell, _ in statement.terms][:20]} together are {total}: impossible")


def names_of_totals(contest: Contest) -> list[str]:
    """Return what each total counts, for a person."""
    if contest.kind != "rank":
        return list(contest.labels)
    return [f"{contest.labels[a]} above {contest.labels[b]}" for a, b in pairs_of(len(contest.labels), contest.ties)]


# --- 11: who did it


def check_members(partials: Sequence[Partial], threshold: int, signers: set[tuple[str, int]]) -> None:
    """Check that exactly the needed number of trustees took part, in order, and that each signed its intent.

    Raises:
        Refused: they did not.
    """
    trustees = [partial.trustee for partial in partials]
    if len(trustees) != threshold or trustees != sorted(set(trustees)):
        raise Refused(f"the partials are of trustees {trustees}; there must be {threshold}, in order, each once")
    for trustee in trustees:
        if ("trustee", trustee) not in signers:
            raise Refused(f"trustee {trustee} is not among those who signed which log is counted")


def check_part(part: Part, partial: Partial, key: KeyDocument) -> None:
    """Check a trustee's proof that it used its own share on this ciphertext (section 3).

    Raises:
        Refused: the proof does not hold.
    """
    modulus, n = key.modulus, key.modulus.n
    if not 1 <= partial.trustee <= len(key.trustees):
        raise Refused(f"there is no trustee {partial.trustee}")
    verification = key.trustees[partial.trustee - 1].v
    if part.value >= n or not all(is_unit(number, n) for number in (part.value, part.ciphertext, verification)):
        raise Refused("a number of the proof is not below its modulus, or no unit")
    if part.z.bit_length() > key.share_bits + SIZE_SLACK_BITS:
        raise Refused("the proof's response is longer than an honest one can be")
    delta = factorial(len(key.trustees))
    a = gmpy2.powmod(share_base(modulus), part.z, n) * gmpy2.powmod(verification, -part.e, n) % n
    base = gmpy2.powmod(part.ciphertext % n, 4 * delta, n)
    b = gmpy2.powmod(base, part.z, n) * gmpy2.powmod(part.value, -2 * part.e, n) % n
    value: dict[str, codec.Json] = {
        **partial.header.value(),
        "trustee": partial.trustee,
        "ciphertext": modulus.encode_long(part.ciphertext),
        "x_i": modulus.encode(part.value),
        "A": modulus.encode(a),
        "B": modulus.encode(b),
    }
    challenge = codec.tagged_hash("evote/1/partial", value)[: codec.CHALLENGE_BYTES]
    if part.e != int.from_bytes(challenge, "big"):
        raise Refused("the proof that the trustee used its own share does not hold")


def check_parts(partial: Partial, header: Header, opened: Sequence[ContestTally]) -> None:
    """Check that a partial is about this log and about the tally's ciphertexts, in their order.

    Raises:
        Refused: it is about something else.
    """
    check_header(partial.header, header)
    wanted = [(contest.id, ciphertext) for contest in opened for ciphertext in contest.ciphertexts]
    if [(part.contest, part.ciphertext) for part in partial.parts] != wanted:
        raise Refused("its parts are not the tally's ciphertexts in their order")


# --- all of it, contest by contest


def check_decryption(contest: ContestTally, layout: Layout, modulus: Modulus, findings: Findings) -> None:
    """Check certificates, cap and totals of an opened contest."""
    place = f'contest "{contest.id}"'
    with findings.checking("10 totals: certificates", place):
        if len(contest.certificates) != len(contest.ciphertexts):
            raise Refused(f"{len(contest.certificates)} certificates for {len(contest.ciphertexts)} ciphertexts")
    for number, (ciphertext, opening) in enumerate(zip(contest.ciphertexts, contest.certificates, strict=False)):
        with findings.checking("10 totals: certificates", f"{place}, ciphertext {number}"):
            check_opening(ciphertext, opening, modulus)
    for number, (opening, slots) in enumerate(zip(contest.certificates, layout.slots, strict=False)):
        with findings.checking("10 totals: cap", f"{place}, ciphertext {number}"):
            check_cap(opening, slots)
    with findings.checking("10 totals: totals", place):
        check_totals(contest, layout)


def check_outcome(election: Election, contest: Contest, layout: Layout, tally: ContestTally, weight: int) -> None:
    """Check that the outcome follows from the totals.

    Raises:
        Refused: another outcome does.
    """
    wanted = len(layout.outputs) if not layout.packed else layout.slots[0]
    if len(tally.totals) != wanted:
        raise Refused(f"there are {len(tally.totals)} totals instead of {wanted}, so no outcome follows")
    styles = [style for style, contests in election.manifest.styles.items() if contest.id in contests]
    eligible = sum(election.roll.style_weights.get(style, 0) for style in styles)
    outcome = decide(contest, tally.totals, weight, eligible)
    for name, stated, right in (("elected", tally.elected, outcome.elected), ("tied", tally.tied, outcome.tied)):
        if stated != right:
            raise Refused(f"it names {list(stated)} as {name}; by the rule it is {list(right)}")
