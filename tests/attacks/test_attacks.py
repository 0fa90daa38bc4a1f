"""Every registered attack on a valid election is refused, and the very check is named."""

import re
from pathlib import Path

import pytest

import tests.attacks.a_replay
import tests.attacks.b_proofs
import tests.attacks.c_shape
import tests.attacks.d_keys
import tests.attacks.d_shares
import tests.attacks.e_board
import tests.attacks.f_eligibility
import tests.attacks.g_tally
import tests.attacks.h_files  # noqa: F401
from tests.attacks.forge import Forge
from tests.attacks.judges import trustee_refuses, verify
from tests.attacks.register import ATTACKS, Attack
from verifier.report import PARTS


def attack_name(attack: Attack) -> str:
    return f"{attack.code} {attack.name}"


@pytest.mark.parametrize("attack", ATTACKS, ids=attack_name)
def test_an_attack_is_named_by_its_check(attack: Attack, valid: Forge, tmp_path: Path) -> None:
    forge = valid.copy()
    attack.change(forge)
    record = forge.redo().write(tmp_path / "record")
    report = verify(record, allow_test_keys=attack.allow_test_keys)
    failed = set(report.failed_parts())
    assert report.exit_code == attack.exit_code or (attack.exit_code is None and report.exit_code in (1, 2))
    assert attack.part in failed
    besides = {part for part in failed if not attack.explains(part)}
    assert not besides, "something around the attack was not re-done, or a check blames the wrong part"
    passed = set(PARTS) - failed - set(report.not_due)
    assert all(report.looked_at.get(part) for part in passed), "a check that looked at nothing has not passed"
    if attack.trustees is not None:
        reason = trustee_refuses(record, allow_test_keys=attack.allow_test_keys)
        assert re.search(attack.trustees, reason), reason
