"""What is wrong with a definition, part by part: `ballots.manifest` judges, and each sentence is led to its field."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ballots import codec
from ballots.errors import BallotsError, ManifestError, SignatureRefused
from ballots.manifest import MAX_BITS, parse_manifest
from ballots.sentences import SentenceError
from ballots.signatures import SigningKey, check_public_key
from evote.errors import Malformed
from evote.languages import said

TEXTS, CONTESTS, STYLES, TIMES, PEOPLE = "texts", "contests", "styles", "times", "people"
PARTS = (TEXTS, CONTESTS, STYLES, TIMES, PEOPLE)
FIELDS: Mapping[str, Sequence[str]] = {
    TEXTS: ("title", "description"),
    STYLES: ("styles",),
    TIMES: ("opens_at", "closes_at", "closing", "min_ballots", "modulus_bits"),
    PEOPLE: ("trustees", "observers", "registrar_key", "official_key"),
}
_PLACES = (
    (r"has no title|title must hold", "title"),
    (r"has no label", "label"),
    (r"too few options|same id|empty id", "options"),
    (r"min ≤ max", "max"),
    (r"top must", "top"),
    (r"points must", "points"),
    (r"seats must", "seats"),
    (r"needs the rule|need a ranking|majority needs", "rule"),
    (r"majority's option", "of"),
    (r"percents must", "percent"),
    (r"one cost for each|costs and budget", "budget"),
    (r"proof branches", "kind"),
    (r"abstain must", "abstain"),
    (r"closes_at must be later", "closes_at"),
    (r"opens_at and closes_at", "opens_at"),
    (r"min_ballots", "min_ballots"),
    (r"modulus_bits", "modulus_bits"),
    (r"[Tt]hreshold", "threshold"),
    (r"one name for each|trustees", "trustees"),
    (r"ballot style|contest in style", "styles"),
)
_FORM = re.compile(r"`\$\.(?:contests\[\d+\]\.)?(?:rule\.)?(\w+)")


@dataclass(frozen=True)
class Problem:
    """A sentence, and where it belongs.

    Attributes:
        part: texts, contests, styles, times or people.
        contest: Which contest, from 0; -1 where it is about none.
        field: The field's name on that part's page.
    """

    part: str
    contest: int
    field: str
    error: SentenceError

    @property
    def message(self) -> str:
        """Say it in the page's language."""
        return said(self.error)


def find_problems(definition: Mapping[str, Any], *, allow_test_keys: bool) -> list[Problem]:
    """Judge each part of a definition as if all others were right; at most one sentence for each part."""
    found = [
        _judge(definition, part, -1, {name: definition[name] for name in FIELDS[part]}, allow_test_keys)
        for part in (TEXTS, TIMES)
    ]
    for place, contest in enumerate(definition["contests"]):
        changes = {"contests": [contest], "styles": {"all": [contest["id"]]}}
        found.append(_judge(definition, CONTESTS, place, changes, allow_test_keys))
    if not definition["contests"]:
        found.append(Problem(CONTESTS, -1, "contests", ManifestError("There must be at least one contest.")))
    simple = [{**_contest(), "id": contest["id"]} for contest in definition["contests"]]
    if simple:
        changes = {"contests": simple, "styles": definition["styles"]}
        found.append(_judge(definition, STYLES, -1, changes, allow_test_keys))
    found.append(_judge_people(definition, allow_test_keys))
    return sorted((one for one in found if one), key=lambda one: (PARTS.index(one.part), one.contest))


def _judge(
    definition: Mapping[str, Any], part: str, contest: int, changes: Mapping[str, Any], allow_test_keys: bool
) -> Problem | None:
    try:
        fields = {**_good(definition), **changes}
        parse_manifest(codec.encode_canonical(fields), allow_test_keys=allow_test_keys)
    except BallotsError as error:
        return Problem(part, contest, _place(str(error)), error)
    return None


def _judge_people(definition: Mapping[str, Any], allow_test_keys: bool) -> Problem | None:
    for name in ("registrar_key", "official_key"):
        try:
            check_public_key(definition[name])
        except SignatureRefused as error:
            return Problem(PEOPLE, -1, name, error)
    for observer in definition["observers"]:
        try:
            check_public_key(observer["key"])
        except SignatureRefused as error:
            return Problem(
                PEOPLE, -1, "observers", Malformed("%(name)s: %(error)s", name=observer["name"], error=error)
            )
    if not all(definition["trustees"]["names"]):
        return Problem(PEOPLE, -1, "trustees", ManifestError("There must be one name for each trustee."))
    changes = {name: definition[name] for name in FIELDS[PEOPLE]}
    problem = _judge(definition, PEOPLE, -1, changes, allow_test_keys)
    if problem is not None and "signing key" in problem.error.sentence:
        return Problem(PEOPLE, -1, "official_key", problem.error)
    return problem


def _place(message: str) -> str:
    form = _FORM.search(message)
    if form:
        return form[1]
    return next((field for pattern, field in _PLACES if re.search(pattern, message)), "")


def _good(definition: Mapping[str, Any]) -> dict[str, Any]:
    """Return a manifest that nothing is wrong with, of the definition's key length where that is a length."""
    bits = definition["modulus_bits"]
    board, registrar, official = (SigningKey.from_seed(bytes([number]) * 32).public for number in (1, 2, 3))
    return {
        "version": 1,
        "id": "00000000-0000-4000-8000-000000000000",
        "title": {"en": "x"},
        "description": {},
        "contests": [_contest()],
        "styles": {"all": ["x"]},
        "opens_at": "2000-01-01T00:00:00Z",
        "closes_at": "2000-01-02T00:00:00Z",
        "closing": "time",
        "trustees": {"total": 1, "threshold": 1, "names": ["x"]},
        "observers": [],
        "min_ballots": 1,
        "modulus_bits": bits if 2048 <= bits <= MAX_BITS and bits % 16 == 0 else 3072,
        "log_origin": "x",
        "board_key": board,
        "registrar_key": registrar,
        "official_key": official,
        "booth": {},
    }


def _contest() -> dict[str, Any]:
    option = {"id": "x", "label": {"en": "x"}, "party": {}, "info": {}, "media": {}}
    rule = {"name": "plurality", "seats": 1}
    return {
        "id": "x",
        "kind": "choose",
        "title": {"en": "x"},
        "options": [option],
        "abstain": "",
        "rule": rule,
        "min": 0,
        "max": 1,
    }
