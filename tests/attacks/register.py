"""The register of attacks: what each changes, which check must name it, and what else may fail in consequence."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.attacks.forge import Forge

Change = Callable[[Forge], object]

CONSEQUENCES = {
    "1 encoding: log": {"3 log: order", "5 ballots: stored"},
    "1 encoding: ballots": {"5 ballots: stored", "6 proofs: equations", "9 aggregates: ciphertexts"},
    "5 ballots: shape": {"6 proofs: equations", "9 aggregates: ciphertexts"},
    "6 proofs: ranges": {"6 proofs: equations", "9 aggregates: ciphertexts"},
}
"""What cannot be checked, or must differ, once a part has failed: a ballot that cannot be read cannot be added up."""


@dataclass(frozen=True)
class Attack:
    """One change to a valid election.

    Attributes:
        code: The letter and number of the family.
        name: What is done.
        part: The part of a check that must name it, as `check: part`.
        change: Makes the change; everything around it is re-done afterwards.
        also: Other parts, or whole checks, that it breaks by itself.
        trustees: What a trustee's program says of it (a pattern), or None if it is not asked.
        allow_test_keys: Whether short keys are let through.
        exit_code: 1 if something is wrong, 2 if something is missing, None for either.
    """

    code: str
    name: str
    part: str
    change: Change
    also: frozenset[str]
    trustees: str | None
    allow_test_keys: bool
    exit_code: int | None

    def explains(self, part: str) -> bool:
        """Say whether a part may fail because of this attack."""
        allowed = {self.part} | self.also | CONSEQUENCES.get(self.part, set())
        return part in allowed or part.split(":")[0] in allowed


ATTACKS: list[Attack] = []


def attack(
    code: str,
    part: str,
    *,
    trustees: str | None,
    also: tuple[str, ...] = (),
    name: str = "",
    allow_test_keys: bool = True,
    exit_code: int | None = 1,
) -> Callable[[Change], Change]:
    """Register an attack; its name is that of the function unless given."""

    def register(change: Change) -> Change:
        title = name or change.__name__.strip("_").replace("_", " ")
        ATTACKS.append(Attack(code, title, part, change, frozenset(also), trustees, allow_test_keys, exit_code))
        return change

    return register


def attacks(
    code: str,
    part: str,
    trustees: str | None,
    also: tuple[str, ...] = (),
    exit_code: int | None = 1,
    **changes: Change,
) -> None:
    """Register several attacks that the same check must name."""
    for name, change in changes.items():
        title = name.replace("_", " ")
        attack(code, part, trustees=trustees, also=also, name=title, exit_code=exit_code)(change)
