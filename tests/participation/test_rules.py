"""The operator's rules: defaults, and a sentence for everything that makes no sense."""

from pathlib import Path

import pytest

from participation.errors import RulesError
from participation.rules import SiteRules, parse_rules, read_rules


def test_defaults_are_those_of_the_best_system() -> None:
    rules = SiteRules().petitions
    assert (rules.supporters, rules.most_supporters, rules.open_months) == (5, 20, 6)
    assert (rules.response_at, rules.debate_at, rules.grace_hours) == (10_000, 100_000, 24)
    assert (rules.near_overdue_days, rules.overdue_days, rules.anonymise_months) == (11, 14, 6)
    assert read_rules(None) == SiteRules()


def test_a_file_changes_what_it_names() -> None:
    rules = parse_rules("[petitions]\nsupporters = 2\nresponse_at = 100\n").petitions
    assert (rules.supporters, rules.response_at, rules.debate_at) == (2, 100, 100_000)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[petitions]\nsuporters = 2", "suporters"),
        ("[petitions]\nsupporters = -1", "supporters"),
        ("[petitions]\nsupporters = '2'", "supporters"),
        ("[petitions]\nopen_months = 0", "open_months"),
        ("[petitions]\nsupporters = 30", "supporters"),
        ("[petitions]\nresponse_at = 200000", "response_at"),
        ("[petitions]\nnear_overdue_days = 20", "near_overdue_days"),
        ("[petition]\n", "petition"),
        ("[signatures]\nways = []", "ways"),
        ("[signatures]\nways = ['fax']", "fax"),
        ("[signatures]\nmost_ways = 0", "most_ways"),
        ("[signatures]\nways = ['mail']\n[petitions]\ncounted_ways = ['roll']", "counted_ways"),
        ("petitions = ", "Invalid value"),
    ],
)
def test_a_wrong_value_refuses_the_start_and_is_named(text: str, named: str) -> None:
    with pytest.raises(RulesError, match=named):
        parse_rules(text)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match=r"nothing\.toml"):
        read_rules(tmp_path / "nothing.toml")
