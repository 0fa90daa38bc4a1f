"""Result and turnout for programs and spreadsheets: open data, no login."""

import csv
import io
from collections.abc import Iterable, Sequence

from apiflask import APIBlueprint
from flask import Response, jsonify
from sqlalchemy.orm import Session

from ballots import codec
from ballots.contests import pairs_of
from ballots.definition import Budget, Contest, Rank
from ballots.result import ContestTally
from evote.api.schemas import ContestOut, OptionOut, PairOut, ResultOut, TurnoutHourOut, TurnoutOut
from evote.current import current_services
from evote.elections.queries import ElectionDetail, get_election, get_tally
from evote.elections.turnout import turnout_by_hour
from evote.errors import NotFound
from evote.languages import localized
from evote.security import open_data

blueprint = APIBlueprint("results", __name__, tag="Results")

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for the beginning of a formula."""


@blueprint.get("/elections/<uuid:election_id>/result")
@blueprint.output(ResultOut)
def result(election_id: object) -> Response:
    """Show the result; 404 before it is on the log."""
    with current_services().database.reading() as session:
        found = _result(session, str(election_id))
    return open_data(jsonify(found.model_dump()))


@blueprint.get("/elections/<uuid:election_id>/result.csv")
def result_csv(election_id: object) -> Response:
    """Show the result as a table: a line an option, or a pair of a ranking."""
    with current_services().database.reading() as session:
        found = _result(session, str(election_id))
    return _table(f"result-{found.id}.csv", _RESULT_COLUMNS, _lines(found))


@blueprint.get("/elections/<uuid:election_id>/turnout")
@blueprint.output(TurnoutOut)
def turnout(election_id: object) -> Response:
    """Show how many have voted, hour by hour."""
    with current_services().database.reading() as session:
        found = _turnout(session, str(election_id))
    return open_data(jsonify(found.model_dump()))


@blueprint.get("/elections/<uuid:election_id>/turnout.csv")
def turnout_csv(election_id: object) -> Response:
    """Show how many have voted, hour by hour, as a table."""
    with current_services().database.reading() as session:
        found = _turnout(session, str(election_id))
    lines = ((hour.begins, hour.ballots, hour.voters, found.eligible) for hour in found.hours)
    return _table(f"turnout-{found.id}.csv", ("begins", "ballots", "voters_so_far", "eligible"), lines)


def _result(session: Session, election_id: str) -> ResultOut:
    detail = get_election(session, election_id)
    tally = get_tally(session, election_id) if detail.summary.state == "tallied" else None
    if tally is None:
        raise NotFound("There is no result: it is made after voting has closed.")
    return ResultOut(
        id=election_id,
        title=detail.manifest.title,
        election=detail.summary.fingerprint,
        eligible=detail.summary.voters,
        ballots_on_board=detail.summary.ballots,
        contests=[_contest(*pair) for pair in zip(detail.manifest.contests, tally.contests, strict=True)],
    )


def _contest(contest: Contest, counted: ContestTally) -> ContestOut:
    opened, ranked = bool(counted.ciphertexts), isinstance(contest, Rank)
    totals: Sequence[int | None] = counted.totals if opened and not ranked else [None] * len(contest.options)
    costs: Sequence[int | None] = [None] * len(contest.options)
    if isinstance(contest.rule, Budget):
        costs = contest.rule.costs
    pairs = []
    if isinstance(contest, Rank) and opened:
        ids = contest.option_ids
        pairs = [
            PairOut(option=ids[a], over=ids[b], total=total)
            for (a, b), total in zip(pairs_of(contest), counted.totals, strict=True)
        ]
    return ContestOut(
        id=contest.id,
        title=contest.title,
        ballots=counted.ballots,
        weight=counted.weight,
        withheld=not opened,
        options=[
            OptionOut(
                id=option.id,
                label=option.label,
                total=total,
                cost=cost,
                elected=option.id in counted.outcome.elected,
                tied=option.id in counted.outcome.tied,
                abstain=option.id == contest.abstain,
            )
            for option, total, cost in zip(contest.options, totals, costs, strict=True)
        ],
        pairs=pairs,
    )


_RESULT_COLUMNS = ("contest", "title", "ballots", "weight", "option", "label", "over", "total", "outcome", "cost")


def _lines(found: ResultOut) -> Iterable[Sequence[object]]:
    for contest in found.contests:
        start = (contest.id, localized(contest.title), contest.ballots, contest.weight)
        for option in contest.options:
            outcome = "elected" if option.elected else "tied" if option.tied else "abstain" if option.abstain else ""
            if contest.withheld:
                outcome = "withheld"
            yield (*start, option.id, localized(option.label), "", option.total, outcome, option.cost)
        for pair in contest.pairs:
            yield (*start, pair.option, "", pair.over, pair.total, "", None)


def _turnout(session: Session, election_id: str) -> TurnoutOut:
    detail: ElectionDetail = get_election(session, election_id)
    hours = turnout_by_hour(session, election_id)
    return TurnoutOut(
        id=election_id,
        eligible=detail.summary.voters,
        ballots=detail.summary.ballots,
        voters=hours[-1].voters if hours else 0,
        hours=[
            TurnoutHourOut(begins=codec.encode_time(hour.begins), ballots=hour.ballots, voters=hour.voters)
            for hour in hours
        ],
    )


def _table(name: str, columns: Sequence[str], lines: Iterable[Sequence[object]]) -> Response:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in line] for line in lines)
    # The mark at the beginning tells spreadsheets that the letters are Unicode.
    response = Response("\ufeff" + text.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return open_data(response)


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULAS) else value
