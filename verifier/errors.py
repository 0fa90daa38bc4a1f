"""What can go wrong, as exceptions inside the verifier. At its edge they become findings of a report."""

from collections.abc import Iterator
from contextlib import contextmanager


class VerifierError(Exception):
    """The root of all errors that the verifier raises on purpose; its text is a sentence for a person."""


class Malformed(VerifierError):
    """Bytes or a value are not what the protocol's page says they must be."""


class NotJson(Malformed):
    """Bytes are no JSON at all, so nothing can be said about what they mean."""


class Missing(VerifierError):
    """A file that the record must have is not there."""


class Refused(VerifierError):
    """A well-formed value fails a check: a signature, a proof, an equation."""


class CannotRun(VerifierError):
    """A check cannot be made because something that it needs has failed before."""


@contextmanager
def inside(place: str) -> Iterator[None]:
    """Say in which part of a document a value is malformed, on top of the reason."""
    try:
        yield
    except Malformed as reason:
        raise Malformed(f"{place}: {reason}") from None
