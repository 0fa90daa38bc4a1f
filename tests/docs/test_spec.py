"""docs/spec.md quotes its worked example rightly, and leaves out no field, tag, entry type or check."""

import json
import re
from pathlib import Path

import pytest

from ballots.entries import BODY_KEYS
from ballots.keys import KeyDocument, TrusteeKey
from ballots.manifest import Manifest
from ballots.receipts import PROMISE_KEYS, RECEIPT_KEYS, REFUSAL_KEYS
from ballots.result import ContestTally, Tally
from tests.support.quotes import BLOCK, CUT, quotes_of, requote
from verifier.report import CHECKS

DOCS = Path(__file__).resolve().parents[2] / "docs"
SPEC = (DOCS / "spec.md").read_text(encoding="utf-8")
NUMBERS = json.loads((DOCS / "example" / "numbers.json").read_bytes())
LONG_TOKEN = re.compile(r"(?<![A-Za-z0-9_./-])[A-Za-z0-9_-]{36,}(?![A-Za-z0-9_./-])")
TAGS = (
    *("manifest", "key", "election", "roll", "open", "voter", "challenge", "ballot", "cast", "replace", "strike"),
    *("extend", "annul", "close", "counted", "intent", "partial", "promise", "refusal", "receipt"),
    *("v", "h", "root", "size", "size-challenge", "credential"),
)


@pytest.mark.parametrize(("section", "name", "value"), quotes_of(SPEC), ids=lambda part: str(part)[:40])
def test_quoted_number_stands_in_the_example(section: str, name: str, value: str) -> None:
    whole = str(NUMBERS[section][name])

    if value.endswith(CUT):
        assert whole.startswith(value.removesuffix(CUT))
        assert len(value) > 16
    else:
        assert whole == value


def test_renewing_the_quotes_changes_nothing() -> None:
    assert requote(SPEC, NUMBERS) == SPEC


def test_every_section_of_numbers_is_quoted() -> None:
    assert {section for section, _, _ in quotes_of(SPEC)} == NUMBERS.keys()


def test_no_long_number_stands_outside_the_example() -> None:
    prose = BLOCK.sub("", SPEC)

    order_of_ed25519 = "27742317777372353535851937790883648493"
    assert [token for token in LONG_TOKEN.findall(prose) if any(map(str.isdigit, token))] == [order_of_ed25519]


@pytest.mark.parametrize("tag", TAGS)
def test_every_tag_is_written_in_full(tag: str) -> None:
    assert re.search(rf"[`\"]evote/1/{tag}[`\"]", SPEC)


@pytest.mark.parametrize("kind", BODY_KEYS)
def test_every_entry_type_has_its_line(kind: str) -> None:
    lines = [line for line in SPEC.splitlines() if line.startswith(f"| `{kind}` | ")]

    for keys in BODY_KEYS[kind]:
        assert any(all(f'"{key}"' in line for key in keys) for line in lines)


@pytest.mark.parametrize(
    "field",
    sorted(
        {
            *Manifest.__struct_fields__,
            *KeyDocument.__struct_fields__,
            *TrusteeKey.__struct_fields__,
            *Tally.__struct_fields__,
            *ContestTally.__struct_fields__,
            *PROMISE_KEYS,
            *REFUSAL_KEYS,
            *RECEIPT_KEYS,
        }
    ),
)
def test_every_field_is_named(field: str) -> None:
    assert f"`{field}`" in SPEC or f'"{field}"' in SPEC


def test_every_check_of_the_verifier_has_its_line() -> None:
    rows = [[cell.strip() for cell in line.split("|")[1:3]] for line in SPEC.splitlines() if line.startswith("|")]
    named: list[tuple[str, str]] = []
    check = ""
    for row in rows:
        check = row[0] if row[0] in CHECKS else check if not row[0] else ""
        if check:
            named.append((check, row[1]))

    assert named == [(check, part) for check, parts in CHECKS.items() for part in parts]


def test_links_to_headings_lead_somewhere() -> None:
    headings = {
        re.sub(r"[^a-z0-9 -]", "", line.lstrip("# ").lower()).replace(" ", "-")
        for line in SPEC.splitlines()
        if line.startswith("## ")
    }

    assert set(re.findall(r"\]\(#([^)]+)\)", SPEC)) <= headings


def test_codes_shown_to_voters_are_the_examples() -> None:
    shown = re.findall(r"`([0-9A-Z]{5}(?:-[0-9A-Z]{2,5}){4,})`", (DOCS / "voters.md").read_text(encoding="utf-8"))

    example = [
        NUMBERS["credential"]["printed"],
        NUMBERS["credential"]["voter number"],
        NUMBERS["ballot"]["tracker shown"],
    ]
    assert shown == example
