"""Every registered attack on a valid election is refused, and the very check is named."""

import re
from pathlib import Path

import pytest

from tests.attacks.every import ATTACKS, attack_name
from tests.attacks.forge import Forge
from tests.attacks.judges import trustee_refuses, verify
from tests.attacks.register import Attack
from verifier.report import CHECKS, PARTS

OF_BALLOTS = {
    "1 encoding: ballots",
    "3 log: window",
    *(f"5 ballots: {part}" for part in CHECKS["5 ballots"]),
    *(f"6 proofs: {part}" for part in CHECKS["6 proofs"]),
}
NOTHING_TO_SEE = {
    "no partials": {"11 partials: parts", "11 partials: proofs"},
    "all stored ballots left out": OF_BALLOTS,
    "a log cut before the first ballot": OF_BALLOTS,
    "a log cut before the opening": OF_BALLOTS,
    "a log of nothing": OF_BALLOTS | {"1 encoding: log", "3 log: times"},
}
"""Parts that an attack leaves without anything to look at; others have failed."""


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
    unseen = {part for part in passed if not report.looked_at.get(part)}
    if not any(step.kind in ("replace", "strike") for step in forge.steps):
        unseen.discard("7 counted: standing")
    assert unseen <= NOTHING_TO_SEE.get(attack.name, set()), "a check that looked at nothing has not passed"
    if attack.trustees is not None:
        reason = trustee_refuses(record, allow_test_keys=attack.allow_test_keys)
        assert re.search(attack.trustees, reason), reason
