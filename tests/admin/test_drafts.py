"""Drafts: judged by the manifest's own rules, each sentence at its field; saved, copied, not overwritten unseen."""

import json
from typing import Any

import pytest
from apiflask import APIFlask

from evote.admin.checks import find_problems
from evote.admin.contest_form import change_options, field_of, rules_of
from evote.admin.presets import BUDGET, CHOOSE, EMPTY, KINDS, RANKING, REFERENDUM, new_contest, new_definition
from evote.admin.roles import Role
from evote.elections.definition import create_election
from evote.services import Services
from tests.admin.conftest import Appoint
from tests.support.elections import EVERY_KIND, manifest_fields, seeded_key
from tests.support.officials import save
from tests.support.server import Clock, definition

KEY = seeded_key("registrar").public


def good(**changes: Any) -> dict[str, Any]:
    fields = manifest_fields(EVERY_KIND, modulus_bits=3072)
    names = new_definition(EMPTY, ["en"], Clock()())
    return {**{name: fields.get(name, []) for name in names}, **changes}


def contest(place: int, **changes: Any) -> dict[str, Any]:
    contests = [dict(one) for one in EVERY_KIND]
    contests[place] |= changes
    return good(contests=contests)


def test_nothing_is_wrong_with_every_kind() -> None:
    assert find_problems(good(), allow_test_keys=False) == []


WRONG = [
    (good(title={}), ("texts", -1, "title")),
    (good(closes_at="2026-01-01T00:00:00Z"), ("times", -1, "closes_at")),
    (good(opens_at="soon"), ("times", -1, "opens_at")),
    (good(closing="never"), ("times", -1, "closing")),
    (good(min_ballots=0), ("times", -1, "min_ballots")),
    (good(modulus_bits=512), ("times", -1, "modulus_bits")),
    (good(registrar_key="x"), ("people", -1, "registrar_key")),
    (good(official_key=""), ("people", -1, "official_key")),
    (good(official_key=KEY), ("people", -1, "official_key")),
    (good(observers=[{"name": "League", "key": "x"}]), ("people", -1, "observers")),
    (good(trustees={"total": 3, "threshold": 1, "names": ["a", "b", "c"]}), ("people", -1, "threshold")),
    (good(trustees={"total": 3, "threshold": 4, "names": ["a", "b", "c"]}), ("people", -1, "threshold")),
    (good(trustees={"total": 0, "threshold": 0, "names": []}), ("people", -1, "trustees")),
    (good(trustees={"total": 2, "threshold": 2, "names": ["a", ""]}), ("people", -1, "trustees")),
    (good(styles={}), ("styles", -1, "styles")),
    (good(styles={"all": []}), ("styles", -1, "styles")),
    (contest(0, title={}), ("contests", 0, "title")),
    (contest(0, options=[]), ("contests", 0, "options")),
    (contest(0, min=2), ("contests", 0, "max")),
    (contest(0, abstain="nobody"), ("contests", 0, "abstain")),
    (contest(1, rule={"name": "plurality", "seats": 9}), ("contests", 1, "seats")),
    (contest(0, rule={"name": "schulze", "seats": 1}), ("contests", 0, "rule")),
    (contest(2, top=0), ("contests", 2, "top")),
    (contest(2, top=10**6), ("contests", 2, "kind")),
    (contest(3, points=0), ("contests", 3, "points")),
    (contest(3, rule={"name": "budget", "budget": 1, "costs": [1]}), ("contests", 3, "budget")),
    (
        contest(0, rule={"name": "majority", "percent": 101, "turnout_percent": 0, "of": "ada"}),
        ("contests", 0, "percent"),
    ),
    (contest(0, rule={"name": "majority", "percent": 50, "turnout_percent": 0, "of": "x"}), ("contests", 0, "of")),
    (contest(4, rule={"name": "plurality", "seats": 1}), ("contests", 4, "rule")),
]


@pytest.mark.parametrize(("definition", "place"), WRONG, ids=lambda one: one[2] if isinstance(one, tuple) else "")
def test_each_sentence_is_led_to_its_field(definition: dict[str, Any], place: tuple[str, int, str]) -> None:
    (problem,) = (one for one in find_problems(definition, allow_test_keys=False) if one.part == place[0])
    assert (problem.part, problem.contest, problem.field) == place
    assert problem.message.endswith((".", "…")) or place[2] in problem.message


def test_a_missing_label_is_shown_at_the_option_that_lacks_it() -> None:
    options = [dict(one) for one in EVERY_KIND[0]["options"]]
    options[1]["label"] = {}
    changed = contest(0, options=options)
    (problem,) = find_problems(changed, allow_test_keys=False)
    assert field_of(problem, changed["contests"][0], ["fa", "en"]) == "option-1-label-fa"


@pytest.mark.parametrize("preset", [EMPTY, CHOOSE, REFERENDUM, RANKING, BUDGET])
def test_templates_need_only_words_and_people(app: APIFlask, preset: str) -> None:
    with app.test_request_context():
        made = new_definition(preset, ["en"], Clock()())
    parts = {problem.part for problem in find_problems(made, allow_test_keys=False)}
    assert parts == {"texts", "contests", "people"}


def test_options_are_added_moved_and_removed_with_their_costs() -> None:
    made = new_contest("c1", "choose", 2) | {"abstain": "o2", "rule": {"name": "budget", "budget": 5, "costs": [1, 2]}}
    made = change_options(made, "add")
    assert [one["id"] for one in made["options"]] == ["o1", "o2", "o3"]
    made = change_options(made, "up-1")
    assert ([one["id"] for one in made["options"]], made["rule"]["costs"]) == (["o2", "o1", "o3"], [2, 1, 0])
    made = change_options(made, "remove-0")
    assert (made["abstain"], made["rule"]["costs"]) == ("", [1, 0])
    assert change_options(made, "remove-9") == made
    assert [one["id"] for one in change_options(made, "add")["options"]] == ["o1", "o3", "o2"]
    assert {kind: rules_of(kind)[0] for kind in KINDS}["rank"] == "schulze"


def test_two_officials_do_not_overwrite_each_other(appoint: Appoint) -> None:
    desk = appoint("Ada", Role.ELECTION_ADMIN).sign_in()
    draft = desk.post("/admin/drafts/new", begin="choose", languages="en").location
    fields = {"languages": "en", "title-en": "First", "description-en": "", "action": "save"}
    assert desk.post(draft, revision="0", **fields).status_code == 303
    late = desk.post(draft, revision="0", **{**fields, "title-en": "Second"})
    assert (late.status_code, "while you wrote" in late.text, 'value="Second"' in late.text) == (409, True, True)
    assert "First" in desk.get(draft)
    save(desk, draft, **{**fields, "title-en": "Second"})
    assert "Second" in desk.get(draft)
    assert desk.post(draft, **fields).status_code == 422


def test_problems_stand_at_their_fields_after_saving(appoint: Appoint) -> None:
    desk = appoint("Ada", Role.ELECTION_ADMIN).sign_in()
    draft = desk.post("/admin/drafts/new", begin="budget", languages="en").location.removesuffix("/texts")
    assert "There is a problem" not in desk.get(f"{draft}/texts")
    answer = desk.post(f"{draft}/texts", revision="0", languages="en", action="continue")
    assert answer.location == f"{draft}/texts?check=1"
    page = desk.get(answer.location)
    assert 'href="#title-en">title must hold a text' in page
    refused = desk.post(f"{draft}/texts", revision="1", languages="en xyzzyx")
    assert "no language's code" in refused.text.replace("&#39;", "'")
    page = desk.get(f"{draft}/check")
    for words in ("title must hold", "has no title", "people?check=1"):
        assert words in page
    definition = json.loads(desk.get(f"{draft}/definition.json"))
    assert definition["contests"][0]["rule"]["name"] == "budget"


def test_a_copy_keeps_everything_but_the_times(appoint: Appoint, services: Services, clock: Clock) -> None:
    made = create_election(services, definition(services, *EVERY_KIND))
    desk = appoint("Ada", Role.ELECTION_ADMIN).sign_in()
    draft = desk.post("/admin/drafts/new", begin=f"copy-{made.id}", languages="").location.removesuffix("/texts")
    copied = json.loads(desk.get(f"{draft}/definition.json"))
    assert copied["id"] != made.id
    assert copied["opens_at"] > made.opens_at
    assert len(copied["contests"]) == 6
    for place in range(6):
        assert "Add an option" in desk.get(f"{draft}/contests/{place}")
    assert "Make the manifest" in desk.get(f"{draft}/check")


def test_who_may_write(appoint: Appoint) -> None:
    desk = appoint("Ada", Role.ELECTION_ADMIN).sign_in()
    draft = desk.post("/admin/drafts/new", begin="choose", languages="en").location
    for name, role in (("Reg", Role.REGISTRAR), ("Aud", Role.AUDITOR), ("Max", Role.MODERATOR)):
        other = appoint(name, role).sign_in()
        other.get(draft, 403)
        other.get("/admin/drafts/new", 403)
    assert desk.app.test_client().get(draft).location == "/admin/sign-in"
    desk.get(draft.replace("texts", "contests/7"), 404)
    desk.get("/admin/drafts/00000000-0000-4000-8000-000000000000/texts", 404)
