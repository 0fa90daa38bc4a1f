"""All attacks, family by family; each module registers its own."""

from tests.attacks import (
    a_replay,
    b_proofs,
    c_shape,
    d_keys,
    d_shares,
    e_board,
    f_eligibility,
    g_intents,
    g_tally,
    h_files,
)
from tests.attacks.register import ATTACKS, Attack

FAMILIES = (a_replay, b_proofs, c_shape, d_keys, d_shares, e_board, f_eligibility, g_intents, g_tally, h_files)

__all__ = ["ATTACKS", "FAMILIES", "attack_name"]


def attack_name(attack: Attack) -> str:
    """Return what a test of an attack is called."""
    return f"{attack.code} {attack.name}"
