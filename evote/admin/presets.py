"""How a new definition begins: templates, and copies of earlier elections."""

import copy
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import force_locale, gettext, lazy_gettext

from ballots import codec
from evote.elections.ordering import DRAWN, ROTATED, Order, Rotated
from evote.languages import spoken_languages

Definition = dict[str, Any]
EMPTY, CHOOSE, REFERENDUM, RANKING, BUDGET = "empty", "choose", "referendum", "ranking", "budget"
PRESET_NAMES = {
    CHOOSE: lazy_gettext("Choose one: candidates side by side, the most votes win"),
    REFERENDUM: lazy_gettext("Referendum: yes, no or abstain, with a majority and a turnout"),
    RANKING: lazy_gettext("Ranking: put candidates in order, Schulze's method"),
    BUDGET: lazy_gettext("Budget: projects with costs, the most wanted that fit"),
    EMPTY: lazy_gettext("Empty: add every contest yourself"),
}
KINDS = ("choose", "score", "points", "rank")
RULES = ("plurality", "majority", "budget", "schulze", "borda")
_TIMES = ("opens_at", "closes_at")
OFFICIAL_FIELDS = ("registrar_key", "official_key")


def new_definition(preset: str, languages: Sequence[str], now: datetime) -> Definition:
    """Return a definition to go on from; texts in the page's language stand under the first language."""
    opens_at = now.replace(minute=0, second=0, microsecond=0) + timedelta(days=14)
    return {
        "title": {},
        "description": {},
        "contests": _contests(preset, languages),
        "styles": {} if preset == EMPTY else {"all": ["c1"]},
        "orders": [],
        "opens_at": codec.encode_time(opens_at),
        "closes_at": codec.encode_time(opens_at + timedelta(days=7)),
        "closing": "official",
        "trustees": {"total": 3, "threshold": 2, "names": ["", "", ""]},
        "observers": [],
        "min_ballots": 10,
        "modulus_bits": 3072,
        "registrar_key": "",
        "official_key": "",
    }


def copied_definition(manifest: Mapping[str, Any], orders: Mapping[str, Order], now: datetime) -> Definition:
    """Return the definition of an earlier election, at a new time; what was drawn is to be drawn anew."""
    fresh = new_definition(EMPTY, ["en"], now)
    kept = {name: copy.deepcopy(manifest[name]) for name in fresh if name in manifest and name not in _TIMES}
    rows = [
        {"id": identity, "name": ROTATED, "by": order.by}
        if isinstance(order, Rotated)
        else {"id": identity, "name": DRAWN, "seed": "", "source": {}, "listed": ""}
        for identity, order in orders.items()
    ]
    return {**fresh, **kept, "orders": rows}


def new_contest(identity: str, kind: str, options: int = 2) -> Definition:
    """Return an empty contest of a kind, with the first rule that fits it."""
    numbers: dict[str, Definition] = {
        "choose": {"min": 0, "max": 1},
        "score": {"top": 5},
        "points": {"points": 10},
        "rank": {"ties": True},
    }
    name = "schulze" if kind == "rank" else "plurality"
    return {
        "id": identity,
        "kind": kind,
        "title": {},
        "options": [new_option(f"o{number}") for number in range(1, options + 1)],
        "abstain": "",
        "rule": {"name": name, "seats": 1},
        **numbers[kind],
    }


def new_option(identity: str) -> Definition:
    """Return an empty option."""
    return {"id": identity, "label": {}, "party": {}, "info": {}, "media": {}}


def free_id(letter: str, used: Sequence[str]) -> str:
    """Return the first id of a letter and a number that is not used."""
    number = 1
    while f"{letter}{number}" in used:
        number += 1
    return f"{letter}{number}"


def _contests(preset: str, languages: Sequence[str]) -> list[Definition]:
    if preset == EMPTY:
        return []
    if preset == RANKING:
        return [new_contest("c1", "rank", 3)]
    if preset == BUDGET:
        contest = new_contest("c1", "choose", 3)
        return [{**contest, "max": 3, "rule": {"name": "budget", "budget": 100_000, "costs": [0, 0, 0]}}]
    if preset == CHOOSE:
        return [{**new_contest("c1", "choose", 3), "min": 1}]
    contest = new_contest("c1", "choose", 3)
    labels = _answers(languages)
    options = [{**new_option(f"o{number}"), "label": label} for number, label in enumerate(labels, start=1)]
    rule = {"name": "majority", "percent": 50, "turnout_percent": 0, "of": "o1"}
    return [{**contest, "options": options, "min": 1, "abstain": "o3", "rule": rule}]


def _answers(languages: Sequence[str]) -> list[dict[str, str]]:
    """Return the answers of a referendum in those of the languages that this site speaks, else in the page's."""
    spoken = [language for language in languages if language in spoken_languages()]
    said: list[dict[str, str]] = [{}, {}, {}]
    for language in spoken:
        with force_locale(language.replace("-", "_")):
            for label, word in zip(said, (gettext("Yes"), gettext("No"), gettext("I abstain")), strict=True):
                label[language] = word
    if spoken:
        return said
    return [{languages[0]: word} for word in (gettext("Yes"), gettext("No"), gettext("I abstain"))]
