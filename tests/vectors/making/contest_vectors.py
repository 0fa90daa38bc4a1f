"""Vectors of manifests and contests: bounds, how they compile, choices, outcomes."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from ballots import codec
from ballots.contests import compile_contest, plan
from ballots.definition import Contest
from ballots.manifest import slots_of
from tests.support.elections import (
    A_CHOICE,
    BITS,
    COUNCIL,
    EVERY_KIND,
    MAYOR,
    MONEY,
    ORDER,
    PARKS,
    TIERS,
    contest,
    manifest_fields,
    option,
    seeded_key,
)
from tests.vectors.vector import ACCEPT, Vector

SLOTS = slots_of(BITS)
Fields = dict[str, Any]
REFERENDUM = contest("law", "choose", ["yes", "no", "blank"],
                     {"name": "majority", "percent": 50, "turnout_percent": 20, "of": "yes"}, min=1, max=1)  # fmt: skip


def vectors() -> Iterator[Vector]:
    for make in (manifests, layouts, plans, outcomes):
        yield from make()


def of(base: Mapping[str, Any], count: int, **changes: Any) -> Fields:
    """Return a contest with so many options."""
    return {**base, "options": [option(f"o{number}") for number in range(count)], **changes}


def manifests() -> Iterator[Vector]:
    def made(name: str, reason: str, expect: str, fields: Any, data: bytes | None = None) -> Vector:
        raw = codec.encode_canonical(fields) if data is None else data
        digest = codec.encode_bytes(codec.digest("manifest", fields))
        return Vector(
            f"manifest-{name}", reason, "manifest", expect, {"bytes": codec.encode_bytes(raw), "hash": digest}
        )

    observers = [{"name": "Olga", "key": seeded_key("observer").public}]
    full = manifest_fields([*EVERY_KIND, REFERENDUM], observers=observers, closing="time", description={"fa": "شرح"},
                           booth={"booth/index.html": codec.encode_bytes(bytes(32))})  # fmt: skip
    yield made("full", "a contest of every kind, an observer, a booth", ACCEPT, full)
    small = manifest_fields()
    yield made("small", "as small as can be", ACCEPT, small)
    other = {"bytes": codec.encode_bytes(codec.encode_canonical(small)), "hash": codec.encode_bytes(bytes(32))}
    yield Vector("manifest-other-hash", "the hash is another one", "manifest", "manifest", other)
    yield made("newline", "a newline at the end", "encoding", small, codec.encode_canonical(small) + b"\n")
    whole: dict[str, tuple[str, Fields]] = {
        "field-more": ("a field more", {"extra": 1}), "version": ("version 2", {"version": 2}),
        "version-true": ("version true", {"version": True}),
        "id-capital": ("a UUID in capitals", {"id": small["id"].upper()}),
        "id-text": ("an id that is no UUID", {"id": "7"}),
        "no-title": ("no title", {"title": {}}), "no-contest": ("no contest", {"contests": [], "styles": {"all": []}}),
        "contest-twice": ("two contests of one id", {"contests": [MAYOR, MAYOR]}),
        "style-unknown": ("a style with a contest that there is not", {"styles": {"all": ["mayor", "nobody"]}}),
        "style-twice": ("a style with a contest twice", {"styles": {"all": ["mayor", "mayor"]}}),
        "no-style": ("no style", {"styles": {}}), "closing": ("an unknown closing", {"closing": "never"}),
        "closes-first": ("it closes when it opens", {"closes_at": small["opens_at"]}),
        "min-ballots": ("min_ballots is 0", {"min_ballots": 0}),
        "bits": ("a length that is no multiple of 16", {"modulus_bits": 520}),
        "bits-long": ("a modulus that is too long", {"modulus_bits": 16_400}),
        "origin-space": ("a space in the log's name", {"log_origin": "vote.example test"}),
        "origin-plus": ("a plus sign in the log's name", {"log_origin": "vote.example+1"}),
        "origin-control": ("a control character in the log's name", {"log_origin": "vote.example\u0007"}),
        "origin-empty": ("no name for the log", {"log_origin": ""}),
        "threshold-half": ("half of the trustees would do",
                           {"trustees": {"total": 2, "threshold": 1, "names": ["One", "Two"]}}),
        "threshold-large": ("more trustees needed than there are",
                            {"trustees": {"total": 2, "threshold": 3, "names": ["One", "Two"]}}),
        "names": ("a name is missing", {"trustees": {"total": 2, "threshold": 2, "names": ["One"]}}),
        "trustees-65": ("65 trustees", {"trustees": {"total": 65, "threshold": 33, "names": ["x"] * 65}}),
    }  # fmt: skip
    for name, (reason, changes) in whole.items():
        yield made(name, reason, "manifest", manifest_fields(**changes))
    parts: dict[str, tuple[str, Fields]] = {
        "kind": ("an unknown kind", {**MAYOR, "kind": "lottery"}),
        "contest-field": ("a field of another kind", {**MAYOR, "top": 3}),
        "contest-id": ("a contest without an id", {**MAYOR, "id": ""}),
        "option-id": ("an option without an id", {**MAYOR, "options": [option("ada"), option("")]}),
        "option-twice": ("an option twice", {**MAYOR, "options": [option("ada"), option("ada")]}),
        "no-option": ("no option", {**MAYOR, "options": [], "min": 0, "max": 0}),
        "one-ranked": ("one option to rank", {**ORDER, "options": [option("x")]}),
        "no-label": ("an option without a label", {**MAYOR, "options": [{**option("ada"), "label": {}}]}),
        "abstain": ("an abstention that is no option", {**MAYOR, "abstain": "nobody"}),
        "min-over-max": ("min above max", {**MAYOR, "min": 2, "max": 1}),
        "max": ("max above the options", {**MAYOR, "min": 0, "max": 4}),
        "top": ("top is 0", {**PARKS, "top": 0}), "points": ("no points", {**MONEY, "points": 0}),
        "ties": ("ties is a number", {**ORDER, "ties": 1}),
        "seats": ("no seat", {**MAYOR, "rule": {"name": "plurality", "seats": 0}}),
        "seats-many": ("more seats than options", {**MAYOR, "rule": {"name": "plurality", "seats": 4}}),
        "rule": ("an unknown rule", {**MAYOR, "rule": {"name": "dice", "seats": 1}}),
        "rule-kind": ("a rule for another kind", {**MAYOR, "rule": {"name": "schulze", "seats": 1}}),
        "rank-plurality": ("plurality of a ranking", {**ORDER, "rule": {"name": "plurality", "seats": 1}}),
        "costs": ("a cost is missing", {**MONEY, "rule": {"name": "budget", "budget": 9, "costs": [5]}}),
        "of": ("a majority for an option that there is not",
               {**REFERENDUM, "rule": {**REFERENDUM["rule"], "of": "maybe"}}),
        "of-abstain": ("a majority for abstaining",
                       {**REFERENDUM, "abstain": "blank", "rule": {**REFERENDUM["rule"], "of": "blank"}}),
        "percent": ("101 percent", {**REFERENDUM, "rule": {**REFERENDUM["rule"], "percent": 101}}),
    }  # fmt: skip
    for name, (reason, changed) in parts.items():
        yield made(name, reason, "manifest", manifest_fields([changed]))


def layouts() -> Iterator[Vector]:
    shapes: dict[str, tuple[str, Fields]] = {
        "packed": ("one of three, in one cell", MAYOR),
        "packed-one": ("one of one", of(MAYOR, 1)),
        "packed-full": ("one of as many as there are slots", of(MAYOR, SLOTS)),
        "not-packed": ("one of more than there are slots", of(MAYOR, SLOTS + 1)),
        "choose": ("up to two of four", COUNCIL),
        "choose-none": ("none of two", of(COUNCIL, 2, min=0, max=0, rule={"name": "plurality", "seats": 1})),
        "choose-all": ("both of two", of(COUNCIL, 2, min=2, max=2)),
        "score": ("0 to 3 for each of two", PARKS),
        "score-1": ("0 or 1", {**PARKS, "top": 1}),
        "points-1": ("one point: one bit and no rest", {**MONEY, "points": 1}),
        "points-2": ("two points: bits of weights 1 and 1", {**MONEY, "points": 2}),
        "points-3": ("three points: weights 1 and 2, no rest", {**MONEY, "points": 3}),
        "points-5": ("five points: weights 1, 2 and 2", MONEY),
        "points-100": ("a hundred points: weights 1 to 32 and 37", of(MONEY, 1, points=100,
                                                                      rule={"name": "plurality", "seats": 1})),
        "rank-2": ("two in order", of(ORDER, 2)), "rank-3": ("three in order", ORDER),
        "rank-4": ("four in order: triples are lexicographic", of(ORDER, 4)),
        "tiers-2": ("two with ties", of(TIERS, 2)), "tiers-3": ("three with ties", TIERS),
    }  # fmt: skip
    for name, (reason, fields) in shapes.items():
        yield Vector(f"layout-{name}", reason, "layout", ACCEPT, layout_input(fields))
    good = layout_input(ORDER)
    *others, last = good["statements"]
    turned = {**good, "statements": [*others, {**last, "terms": last["terms"][::-1]}]}
    yield Vector("layout-terms-turned", "terms in another order", "layout", "contest", turned)
    yield Vector("layout-slots", "packed though it has too few slots", "layout", "contest",
                 {**layout_input(MAYOR), "slots": 2})  # fmt: skip
    for name, fields in (("score", {**PARKS, "top": 32_768}), ("tiers", of(TIERS, 40))):
        empty = {"contest": fields, "slots": SLOTS, "cells": 0, "packed": False, "statements": []}
        yield Vector(f"layout-branches-{name}", "more than 65,536 branches", "layout", "contest", empty)


def layout_input(fields: Fields) -> Fields:
    layout = compile_contest(msgspec.convert(fields, Contest), SLOTS)
    statements = [
        {"terms": [[cell, str(weight)] for cell, weight in one.terms], "values": list(map(str, one.values))}
        for one in layout.statements
    ]
    return {
        "contest": fields, "slots": SLOTS, "cells": layout.cells, "packed": layout.packed, "statements": statements
    }  # fmt: skip


def plans() -> Iterator[Vector]:
    good: dict[str, tuple[str, Fields, Any]] = {
        **{name: (f"a choice of the kind {fields['kind']}", fields, A_CHOICE[name])
           for name, fields in ((one["id"], one) for one in EVERY_KIND)},
        "nobody": ("nobody chosen", COUNCIL, []),
        "score-missing": ("an option without a score has 0", PARKS, {"wood": 2}),
        "points-none": ("all points left over", MONEY, {}),
        "points-all": ("no point left over", MONEY, {"bike": 5}),
        "tiers-none": ("nothing ranked: all tied", TIERS, []),
        "tiers-unranked": ("the unranked are tied last", TIERS, [["z"]]),
        "tiers-all": ("all level", TIERS, [["x", "y", "z"]]),
    }  # fmt: skip
    for name, (reason, fields, choice) in good.items():
        yield Vector(f"plan-{name}", reason, "plan", ACCEPT, plan_input(fields, choice))
    bad: dict[str, tuple[str, Fields, Any]] = {
        "too-many": ("three of at most two", COUNCIL, ["a", "b", "c"]), "none": ("none of one", MAYOR, []),
        "two": ("two of one", MAYOR, ["ada", "ben"]), "twice": ("an option twice", COUNCIL, ["a", "a"]),
        "unknown": ("an option that there is not", COUNCIL, ["e"]),
        "score": ("a score above the top", PARKS, {"lake": 4}),
        "points": ("more points than there are", MONEY, {"bus": 3, "bike": 3}),
        "rank-short": ("an order that leaves one out", ORDER, ["x", "y"]),
        "rank-tied": ("equal places where there are none", ORDER, [["x", "y"], ["z"]]),
        "rank-twice": ("an option ranked twice", TIERS, [["x"], ["x", "y"]]),
    }  # fmt: skip
    for name, (reason, fields, choice) in bad.items():
        cells = ["0"] * compile_contest(msgspec.convert(fields, Contest), SLOTS).cells
        yield Vector(f"plan-bad-{name}", reason, "plan", "contest",
                     {"contest": fields, "slots": SLOTS, "choice": choice, "cells": cells})  # fmt: skip
    lie = plan_input(MAYOR, ["ben"])
    yield Vector("plan-bad-other", "cells of another choice", "plan", "contest", {**lie, "cells": ["1"]})


def plan_input(fields: Fields, choice: Any) -> Fields:
    parsed: Contest = msgspec.convert(fields, Contest)
    cells = plan(parsed, compile_contest(parsed, SLOTS), choice)
    return {"contest": fields, "slots": SLOTS, "choice": choice, "cells": list(map(str, cells))}


def outcomes() -> Iterator[Vector]:
    def made(name: str, reason: str, fields: Fields, totals: list[int], weight: int, elected: str, tied: str = "",
             eligible: int = 100, expect: str = ACCEPT) -> Vector:  # fmt: skip
        content = {
            "contest": fields, "totals": totals, "weight": weight, "eligible": eligible,
            "elected": elected.split(), "tied": tied.split(),
        }  # fmt: skip
        return Vector(f"outcome-{name}", reason, "outcome", expect, content)

    seats = {"name": "plurality", "seats": 2}
    yield made("plurality", "the two highest", {**COUNCIL, "rule": seats}, [5, 1, 3, 2], 6, "a c")
    yield made("plurality-tie", "a tie for the second seat", {**COUNCIL, "rule": seats}, [5, 3, 3, 2], 8, "a", "b c")
    yield made("plurality-order", "a tie broken by the order of options", {**COUNCIL, "rule": seats}, [5, 3, 3, 2], 8,
               "a b", expect="contest")  # fmt: skip
    yield made("plurality-abstain", "the abstention is left out", {**MAYOR, "abstain": "ada"}, [9, 2, 1], 12, "ben")
    yield made("plurality-voteless", "an option without a vote is not elected while somebody has one",
               {**COUNCIL, "rule": seats}, [5, 0, 0, 0], 5, "a", "b c d")  # fmt: skip
    yield made("plurality-nothing", "nobody has a vote", MAYOR, [0, 0, 0], 0, "", "ada ben cyd")
    law = {**REFERENDUM, "abstain": "blank"}
    yield made("majority", "half and one", law, [51, 50, 0], 101, "yes", eligible=200)
    yield made("majority-half", "half is not more than half", law, [50, 50, 0], 100, "", eligible=200)
    yield made("majority-blank", "blank votes count for the turnout only", law, [3, 2, 20], 25, "yes", eligible=125)
    yield made("majority-turnout", "the turnout is too low", law, [24, 0, 0], 24, "", eligible=125)
    yield made("schulze", "pairwise totals of a strict ranking", ORDER, [1, 2, 3], 3, "y")
    yield made("schulze-circle", "x over y over z over x", ORDER, [2, 1, 2], 3, "", "x y z")
    yield made("borda", "equal places give nothing", TIERS, [1, 1, 0, 0, 0, 0], 3, "x")
    five = of(ORDER, 5, rule={"name": "schulze", "seats": 1})
    example = [20, 26, 30, 22, 16, 33, 18, 17, 24, 14]  # Schulze 2011, section 3.1: 45 voters, pairs ab ac ad ae bc …
    yield made("schulze-45", "Schulze's own example, where paths matter", five, example, 45, "o4")
    three = {**five, "rule": {"name": "schulze", "seats": 3}}
    yield made("schulze-seats", "the same with three seats", three, example, 45, "o0 o2 o4")
    yield made(
        "schulze-abstain", "the same, its winner being the abstention", {**five, "abstain": "o4"}, example, 45, "o0"
    )
    yield made(
        "borda-strict", "the same by points", {**five, "rule": {"name": "borda", "seats": 2}}, example, 45, "o0 o4"
    )
    tight = {**MONEY, "rule": {"name": "budget", "budget": 5, "costs": [6, 5]}}
    yield made("budget", "what alone does not fit is dropped", tight, [9, 3], 3, "bike")
    wide = {**MONEY, "rule": {"name": "budget", "budget": 9, "costs": [5, 6]}}
    yield made("budget-tie", "what does not fit together is tied", wide, [5, 5], 2, "", "bus bike")
