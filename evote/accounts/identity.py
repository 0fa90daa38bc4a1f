"""Who somebody is in an identity provider's word, and what can go wrong on the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

CANCELLED, REFUSED, UNREACHABLE, UNTRUSTED, WEAK = "cancelled", "refused", "unreachable", "untrusted", "weak"


class ProviderProblem(Exception):
    """A sign-in that came to nothing.

    Attributes:
        kind: `cancelled`, `refused`, `unreachable`, `untrusted` or `weak`.
        reason: For the operator's log; holds no token, code or claim.
    """

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(f"{kind}: {reason}")
        self.kind = kind
        self.reason = reason


@dataclass(frozen=True)
class Identity:
    """Somebody, as the provider vouches for them.

    Attributes:
        issuer, subject: Together they name the person, for good.
        claims: All that the ID token says.
    """

    issuer: str
    subject: str
    claims: Mapping[str, Any] = field(repr=False)
