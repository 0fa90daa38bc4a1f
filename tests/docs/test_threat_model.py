"""docs/threat-model.md names, for each attack that a record can show, the checks that the attack tests demand."""

import importlib
import re
from pathlib import Path

import pytest

from tests.attacks.register import ATTACKS

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "threat-model.md").read_text(encoding="utf-8")
ROWS = {found[1]: found[2] for found in re.finditer(r"^\| ([A-H]\d) [^|]*\|([^|]*)\|$", TEXT, re.MULTILINE)}
KNOWN = (
    *("A1", "A2", "A3", "A4", "B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "C1", "C2", "C3", "C4"),
    *("D1", "D3", "D4", "D5", "E1", "E2", "E3", "E4", "E5", "F1", "F2", "F3", "F4", "G1", "G2", "G3", "G4", "G5"),
    *("H1", "H2", "H3", "H4"),
)

for module in sorted((Path(__file__).resolve().parents[1] / "attacks").glob("[a-h]_*.py")):
    importlib.import_module(f"tests.attacks.{module.stem}")


def test_every_family_has_its_row() -> None:
    assert tuple(ROWS) == KNOWN


@pytest.mark.parametrize(("code", "part"), sorted({(attack.code, attack.part) for attack in ATTACKS}))
def test_row_names_the_check(code: str, part: str) -> None:
    check, name = part.split(": ")

    number = check.split(" ")[0]
    assert re.search(rf"\b{number}\b", ROWS[code]), f"{code} is caught by {part}; say so"
    assert re.search(rf"\b{name}\b", ROWS[code]), f"{code} is caught by {part}; say so"
