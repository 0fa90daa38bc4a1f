"""The Seattle consultation as votes, and the groups that Polis found in it."""

import csv
from pathlib import Path

SEATTLE = Path(__file__).parents[3] / "evote" / "simulation" / "data" / "seattle"
STATEMENTS = range(54)


def _rows() -> list[dict[str, str]]:
    with (SEATTLE / "participants-votes.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def seattle_votes() -> list[tuple[int, int, int]]:
    """Return (participant, statement, vote)."""
    return [
        (int(row["participant"]), statement, int(row[str(statement)]))
        for row in _rows()
        for statement in STATEMENTS
        if row[str(statement)] != ""
    ]


def polis_groups() -> dict[int, int]:
    """Return {participant: group} of those whom Polis placed."""
    return {int(row["participant"]): int(row["group-id"]) for row in _rows() if row["group-id"] != ""}


def moderated_out() -> set[int]:
    """Return statements that the moderators of that consultation refused."""
    with (SEATTLE / "comments.csv").open(encoding="utf-8", newline="") as file:
        return {int(row["comment-id"]) for row in csv.DictReader(file) if row["moderated"] == "-1"}
