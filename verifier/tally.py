"""tally.json: what was decrypted, by whom, and who is elected (sections 8 and 9)."""

from dataclasses import dataclass

from gmpy2 import mpz

from . import codec
from .codec import Json
from .errors import inside
from .key import KeyDocument, Modulus


@dataclass(frozen=True, slots=True)
class Header:
    """Which log a tally or a partial is about; all but `size` as base64url text."""

    election: str
    size: int
    root: str
    counted: str

    def value(self) -> dict[str, Json]:
        """Return the object that intents sign."""
        return {"election": self.election, "size": self.size, "root": self.root, "counted": self.counted}


@dataclass(frozen=True, slots=True)
class Opening:
    """A certificate: C = (1 + M·n)·R^n."""

    m: mpz
    r: mpz


@dataclass(frozen=True, slots=True)
class ContestTally:
    """The result of one contest."""

    id: str
    ballots: int
    weight: int
    ciphertexts: tuple[mpz, ...]
    certificates: tuple[Opening, ...]
    totals: tuple[int, ...]
    elected: tuple[str, ...]
    tied: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A trustee's share of the decryption of one ciphertext, with its proof."""

    contest: str
    ciphertext: mpz
    value: mpz
    e: int
    z: mpz


@dataclass(frozen=True, slots=True)
class Partial:
    """All that one trustee contributed."""

    trustee: int
    header: Header
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """The content of tally.json; nothing of it is believed yet."""

    header: Header
    contests: tuple[ContestTally, ...]
    partials: tuple[Partial, ...]


def _header(election: Json, size: Json, root: Json, counted: Json) -> Header:
    for digest in (election, root, counted):
        codec.decode_bytes(digest, codec.HASH_BYTES)
    return Header(codec.text(election), codec.integer(size), codec.text(root), codec.text(counted))


def _opening(value: Json, modulus: Modulus) -> Opening:
    m, r = codec.fields(value, "m", "r")
    return Opening(codec.decode_number(m, modulus.width), codec.decode_number(r, modulus.width))


def _contest(value: Json, modulus: Modulus) -> ContestTally:
    id_, ballots, weight, ciphertexts, certificates, totals, outcome = codec.fields(
        value, "id", "ballots", "weight", "ciphertexts", "certificates", "totals", "outcome"
    )
    elected, tied = codec.fields(outcome, "elected", "tied")
    return ContestTally(
        codec.text(id_),
        codec.integer(ballots),
        codec.integer(weight),
        tuple(codec.decode_number(item, 2 * modulus.width) for item in codec.array(ciphertexts)),
        tuple(_opening(item, modulus) for item in codec.array(certificates)),
        tuple(codec.integer(item) for item in codec.array(totals)),
        tuple(codec.text(item) for item in codec.array(elected)),
        tuple(codec.text(item) for item in codec.array(tied)),
    )


def _part(value: Json, key: KeyDocument) -> Part:
    contest, ciphertext, share, e, z = codec.fields(value, "contest", "ciphertext", "value", "e", "z")
    return Part(
        codec.text(contest),
        codec.decode_number(ciphertext, 2 * key.modulus.width),
        codec.decode_number(share, key.modulus.width),
        codec.decode_challenge(e),
        codec.decode_number(z, key.response_width),
    )


def _partial(value: Json, key: KeyDocument) -> Partial:
    version, election, trustee, size, root, counted, parts = codec.fields(
        value, "version", "election", "trustee", "size", "root", "counted", "parts"
    )
    codec.integer(version, 1, 1)
    return Partial(
        codec.integer(trustee, 1),
        _header(election, size, root, counted),
        tuple(_part(item, key) for item in codec.array(parts)),
    )


def parse_tally(value: Json, key: KeyDocument) -> Tally:
    """Turn the content of tally.json into a tally.

    Raises:
        Malformed: a field is missing, unknown, of another type or another width.
    """
    version, election, size, root, counted, contests, partials = codec.fields(
        value, "version", "election", "size", "root", "counted", "contests", "partials"
    )
    codec.integer(version, 1, 1)
    parsed_contests, parsed_partials = [], []
    for number, item in enumerate(codec.array(contests)):
        with inside(f"contest {number}"):
            parsed_contests.append(_contest(item, key.modulus))
    for number, item in enumerate(codec.array(partials)):
        with inside(f"partial {number}"):
            parsed_partials.append(_partial(item, key))
    return Tally(_header(election, size, root, counted), tuple(parsed_contests), tuple(parsed_partials))
