"""key.json: the election's modulus, the trustees' keys, and the certificate that the modulus is sound (section 3)."""

from dataclasses import dataclass

from gmpy2 import mpz

from . import codec
from .codec import Json
from .errors import Malformed, inside

ROOTS = 128
SIZES = 16
SIZE_SLACK_BITS = 258
KEY_BYTES = 32
MOST_TRUSTEES = 64


@dataclass(frozen=True, slots=True)
class Modulus:
    """The Paillier modulus n with what is derived from it."""

    n: mpz
    square: mpz
    bits: int

    @property
    def width(self) -> int:
        """Return the bytes of a number modulo n, W; one modulo n² has twice as many."""
        return self.bits // 8

    def encode(self, number: int) -> str:
        """Write a number modulo n."""
        return codec.encode_number(number, self.width)

    def encode_long(self, number: int) -> str:
        """Write a number modulo n²."""
        return codec.encode_number(number, 2 * self.width)

    def decode(self, value: Json) -> mpz:
        """Read a residue modulo n: below n. That it is a unit is checked apart."""
        number = codec.decode_number(value, self.width)
        if number >= self.n:
            raise Malformed("a number is not below the modulus")
        return number


def modulus_of(n: int, bits: int) -> Modulus:
    """Return the modulus `n`, said to be of `bits` bits."""
    number = mpz(n)
    return Modulus(number, number * number, bits)


@dataclass(frozen=True, slots=True)
class Trustee:
    """A trustee's name, signing key (base64url text) and verification key v."""

    name: str
    key: str
    v: mpz


@dataclass(frozen=True, slots=True)
class Root:
    """One published root: x^(2nu) = (-1)^a · w^b · y."""

    a: int
    b: int
    x: mpz


@dataclass(frozen=True, slots=True)
class Size:
    """One response of the size proof: commitment A and z."""

    commitment: mpz
    z: mpz


@dataclass(frozen=True, slots=True)
class KeyDocument:
    """The content of key.json in its own types; nothing of it is believed yet."""

    manifest: bytes
    modulus: Modulus
    dealer: bool
    share_bits: int
    trustees: tuple[Trustee, ...]
    roots: tuple[Root, ...]
    sizes: tuple[Size, ...]
    hash: bytes

    @property
    def response_width(self) -> int:
        """Return the bytes of the z in a partial's proof."""
        return -(-(self.share_bits + SIZE_SLACK_BITS) // 8)


def _trustee(value: Json, modulus: Modulus) -> Trustee:
    name, key, v = codec.fields(value, "name", "key", "v")
    codec.decode_bytes(key, KEY_BYTES)
    return Trustee(codec.text(name), codec.text(key), modulus.decode(v))


def _root(value: Json, modulus: Modulus) -> Root:
    a, b, x = codec.fields(value, "a", "b", "x")
    return Root(codec.integer(a, 0, 1), codec.integer(b, 0, 1), modulus.decode(x))


def _size(value: Json, modulus: Modulus) -> Size:
    commitment, z = codec.fields(value, "A", "z")
    bits = modulus.bits // 2 + SIZE_SLACK_BITS
    number = codec.decode_number(z, -(-bits // 8))
    if number.bit_length() > bits:
        raise Malformed(f"z is longer than {bits} bits")
    return Size(modulus.decode(commitment), number)


def parse_key(value: Json, modulus_bits: int) -> KeyDocument:
    """Turn the content of key.json into a key document for a modulus of the length that the manifest names.

    Raises:
        Malformed: a field is missing, unknown, of another type or out of range; the text says which.
    """
    version, manifest, n, dealer, share_bits, trustees, certificate = codec.fields(
        value, "version", "manifest", "n", "dealer", "share_bits", "trustees", "certificate"
    )
    codec.integer(version, 1, 1)
    with inside("n"):
        modulus = modulus_of(codec.decode_number(n, modulus_bits // 8), modulus_bits)
        if modulus.n.bit_length() != modulus_bits:
            raise Malformed(f"n has {modulus.n.bit_length()} bits; the manifest says {modulus_bits}")
    with inside("trustees"):
        if len(codec.array(trustees)) > MOST_TRUSTEES:
            raise Malformed(f"there are more than {MOST_TRUSTEES} trustees")
        parsed_trustees = tuple(_trustee(item, modulus) for item in codec.array(trustees))
    roots, sizes = codec.fields(certificate, "roots", "size")
    with inside("certificate, roots"):
        parsed_roots = tuple(_root(item, modulus) for item in codec.array(roots, ROOTS))
    with inside("certificate, size"):
        parsed_sizes = tuple(_size(item, modulus) for item in codec.array(sizes, SIZES))
    return KeyDocument(
        manifest=codec.decode_bytes(manifest, codec.HASH_BYTES),
        modulus=modulus,
        dealer=codec.boolean(dealer),
        share_bits=codec.integer(share_bits, 1),
        trustees=parsed_trustees,
        roots=parsed_roots,
        sizes=parsed_sizes,
        hash=codec.tagged_hash("evote/1/key", value),
    )
