"""Partials: what one trustee contributes to opening the aggregates (sections 3, 8 and 9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gmpy2 import mpz

from ballots import codec
from ballots.aggregate import Aggregate
from ballots.board import Intent
from ballots.election import Election
from ballots.errors import EncodingError, TallyError
from ballots.proofs import RandomBits
from ballots.threshold import Part, PartContext, make_part, parse_part, response_width, verify_part


@dataclass(frozen=True)
class Partial:
    """A parsed partial: its document and one part for each ciphertext to open."""

    document: dict[str, Any]
    trustee: int
    parts: tuple[Part, ...]


def make_partial(
    election: Election,
    intent: Intent,
    aggregates: Sequence[Aggregate],
    trustee: int,
    share: int,
    random_bits: RandomBits,
) -> dict[str, Any]:
    """Make a trustee's partial for the aggregates of the record it has verified itself.

    Args:
        election: The election.
        intent: What a quorum agreed to count.
        aggregates: Computed by the trustee's own program from the counted ballots.
        trustee: i, from 1.
        share: s_i.
        random_bits: The source of randomness.
    """
    key, share_bits = election.key, election.key_document.share_bits
    context, total = _context(election, intent, trustee), election.manifest.trustees.total
    parts = []
    for contest, ciphertext in _ciphertexts(aggregates):
        part = make_part(key, context, total, share, ciphertext, share_bits, random_bits)
        parts.append(
            {
                "contest": contest,
                "ciphertext": key.encode_ciphertext(ciphertext),
                "value": key.encode_residue(part.value),
                "e": codec.encode_challenge(part.challenge),
                "z": codec.encode_number(part.response, response_width(share_bits)),
            }
        )
    return {**_header(election, intent), "trustee": trustee, "parts": parts}


def verify_partial(
    election: Election, intent: Intent, aggregates: Sequence[Aggregate], document: codec.Json
) -> Partial:
    """Check that a partial opens exactly these aggregates with that trustee's share.

    Returns:
        The parsed partial.

    Raises:
        TallyError: It is malformed, for another intent or other ciphertexts, or its proof fails.
    """
    partial = _parse_partial(election, document)
    if {name: document[name] for name in _header(election, intent)} != _header(election, intent):
        raise TallyError("The partial of trustee %(trustee)s is for another count.", trustee=partial.trustee)
    expected = list(_ciphertexts(aggregates))
    stated = [(fields["contest"], fields["ciphertext"]) for fields in document["parts"]]
    if stated != [(contest, election.key.encode_ciphertext(ciphertext)) for contest, ciphertext in expected]:
        raise TallyError(
            "The partial of trustee %(trustee)s opens other ciphertexts than the count gives.", trustee=partial.trustee
        )
    context, total = _context(election, intent, partial.trustee), election.manifest.trustees.total
    public_share, share_bits = election.key_document.share_key(partial.trustee), election.key_document.share_bits
    for (_, ciphertext), part in zip(expected, partial.parts, strict=True):
        verify_part(election.key, context, total, public_share, ciphertext, share_bits, part)
    return partial


def _parse_partial(election: Election, document: codec.Json) -> Partial:
    try:
        _, _, trustee, size, _, _, parts = codec.take(
            document, "version", "election", "trustee", "size", "root", "counted", "parts"
        )
        if type(trustee) is not int or not 1 <= trustee <= election.manifest.trustees.total:
            raise TallyError("The partial names a trustee that does not exist.")
        if type(document["version"]) is not int or type(size) is not int or not isinstance(parts, list):
            raise TallyError("A field of the partial is of a wrong type.")
        parsed = []
        for fields in parts:
            _, _, value, e, z = codec.take(fields, "contest", "ciphertext", "value", "e", "z")
            parsed.append(parse_part(election.key, election.key_document.share_bits, value, e, z))
    except EncodingError as error:
        raise TallyError("The partial is malformed. %(error)s", error=error) from None
    return Partial(document, trustee, tuple(parsed))


def _ciphertexts(aggregates: Sequence[Aggregate]) -> list[tuple[str, mpz]]:
    return [(aggregate.id, ciphertext) for aggregate in aggregates for ciphertext in aggregate.ciphertexts]


def _header(election: Election, intent: Intent) -> dict[str, Any]:
    return {
        "version": 1,
        "election": election.fingerprint_text,
        "size": intent.size,
        "root": intent.root,
        "counted": intent.counted,
    }


def _context(election: Election, intent: Intent, trustee: int) -> PartContext:
    return PartContext(election.fingerprint_text, trustee, intent.size, intent.root, intent.counted)
