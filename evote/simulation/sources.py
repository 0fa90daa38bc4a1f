"""Real ballots read from files: what people could choose, and what they chose."""

import csv
import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evote.simulation.errors import SourceError

CONTEST = "contest"
OTHER, BLANK = "other", "blank"
_NO_VALID_CHOICE = {"undervote", "overvote"}
_WRITE_IN = "UWI"
_SURVEY_COLUMNS = {"precinct", "choice_1", "ballots"}

Choice = tuple[str, ...]
"""The option ids on one ballot."""


@dataclass(frozen=True)
class Source:
    """One contest with its real ballots.

    Attributes:
        title: The election's title, in English.
        contest: The contest as the manifest writes it.
        choices: {choice: how many such ballots there are}.
    """

    title: str
    contest: dict[str, Any]
    choices: Counter[Choice]

    @property
    def option_ids(self) -> tuple[str, ...]:
        """The options' ids in order."""
        return tuple(option["id"] for option in self.contest["options"])

    def sample(self, count: int, rng: random.Random) -> list[Choice]:
        """Draw ballots without putting any back; all of them, in random order, when ``count`` is their number.

        Raises:
            SourceError: There are fewer ballots.
        """
        total = self.choices.total()
        if not 1 <= count <= total:
            raise SourceError(f"The file holds {total:,} ballots; --ballots must be 1 to {total:,}, not {count:,}.")
        return rng.sample(list(self.choices), count, counts=list(self.choices.values()))


def count_plainly(source: Source, choices: Iterable[Choice]) -> dict[str, int]:
    """Count choices in the clear: {option id: total}."""
    totals = Counter(option for choice in choices for option in choice)
    return {option: totals[option] for option in source.option_ids}


def read_source(path: Path, options: int) -> Source:
    """Read a file of ballots, by its ending.

    Args:
        path: A ``.csv`` of the Minneapolis form or a Pabulib ``.pb``.
        options: For the CSV: how many leading names become options of their own.

    Raises:
        SourceError: The file is missing or not of its form.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise SourceError(f"{path} is not UTF-8 text.") from None
    if path.suffix == ".pb":
        return _read_pabulib(text)
    if path.suffix == ".csv":
        return _read_first_choices(text, options)
    raise SourceError(f"{path.name} must end in .csv (ranked ballots of Minneapolis) or .pb (Pabulib).")


def _read_first_choices(text: str, options: int) -> Source:
    reader = csv.DictReader(text.splitlines())
    if not set(reader.fieldnames or ()) >= _SURVEY_COLUMNS:
        raise SourceError(f"The CSV needs the columns {', '.join(sorted(_SURVEY_COLUMNS))}.")
    counts: Counter[str] = Counter()
    for number, row in enumerate(reader, start=2):
        if not (row["ballots"] or "").isdigit() or not row["choice_1"]:
            raise SourceError(f"Line {number} of the CSV has no choice or no number of ballots.")
        counts[row["choice_1"]] += int(row["ballots"])
    names = [name for name in counts if name not in _NO_VALID_CHOICE and name != _WRITE_IN]
    leading = sorted(names, key=lambda name: (-counts[name], name))[:options]
    if not 1 <= options <= len(leading):
        raise SourceError(f"--options must be 1 to {len(names)}, the names in the file.")
    ids = {name: _slug(name) for name in leading}
    choices: Counter[Choice] = Counter()
    for name, count in counts.items():
        choices[BLANK if name in _NO_VALID_CHOICE else ids.get(name, OTHER),] += count
    listed = [_option(ids[name], name.title()) for name in leading]
    listed += [_option(OTHER, "Another name"), _option(BLANK, "Blank vote")]
    rule = {"name": "plurality", "seats": 1}
    contest = _contest("Mayor of Minneapolis, 2013", listed, rule, least=1, most=1, abstain=BLANK)
    return Source("Mayor of Minneapolis, on ballots of 2013", contest, choices)


def _read_pabulib(text: str) -> Source:
    sections = _pabulib_sections(text)
    meta = {row[0]: row[1] for row in sections["META"] if len(row) >= 2}
    projects, votes = _table(sections["PROJECTS"], "PROJECTS"), _table(sections["VOTES"], "VOTES")
    try:
        budget = int(float(meta["budget"]))
        costs = {project["project_id"]: int(float(project["cost"])) for project in projects}
        approvals = [tuple(sorted(filter(None, vote["vote"].split(",")))) for vote in votes]
    except (KeyError, ValueError):
        raise SourceError("The .pb file needs a budget, projects with ids and costs, and votes.") from None
    unknown = {project for vote in approvals for project in vote} - costs.keys()
    if unknown or not projects or not votes:
        raise SourceError(f"The .pb file has votes for projects it does not list: {', '.join(sorted(unknown)[:5])}.")
    currency = meta.get("currency", "")
    listed = [
        _option(
            project["project_id"],
            project.get("name") or f"Project {project['project_id']}",
            f"Cost: {costs[project['project_id']]:,} {currency}".strip(),
        )
        for project in projects
    ]
    rule = {"name": "budget", "budget": budget, "costs": list(costs.values())}
    most = max(len(vote) for vote in approvals)
    title = meta.get("description", "Participatory budget")
    contest = _contest(title, listed, rule, least=0, most=most, abstain="")
    return Source(title, contest, Counter(approvals))


def _pabulib_sections(text: str) -> dict[str, list[list[str]]]:
    sections: dict[str, list[list[str]]] = {"META": [], "PROJECTS": [], "VOTES": []}
    current: list[list[str]] | None = None
    for row in csv.reader(text.splitlines(), delimiter=";"):
        if len(row) == 1 and row[0].strip() in sections:
            current = sections[row[0].strip()]
        elif row and current is not None:
            current.append(row)
    return sections


def _table(rows: Sequence[Sequence[str]], name: str) -> list[dict[str, str]]:
    if not rows:
        raise SourceError(f"The .pb file has no section {name}.")
    return [dict(zip(rows[0], row, strict=False)) for row in rows[1:]]


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _option(identity: str, label: str, info: str = "") -> dict[str, Any]:
    return {"id": identity, "label": {"en": label}, "party": {}, "info": {"en": info} if info else {}, "media": {}}


def _contest(
    title: str, options: Sequence[dict[str, Any]], rule: dict[str, Any], *, least: int, most: int, abstain: str
) -> dict[str, Any]:
    return {
        "id": CONTEST,
        "kind": "choose",
        "title": {"en": title},
        "options": list(options),
        "abstain": abstain,
        "rule": rule,
        "min": least,
        "max": most,
    }
