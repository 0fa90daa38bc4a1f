"""The result: totals, outcome and the certificates that prove them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from flask_babel import gettext
from sqlalchemy.orm import Session

from ballots.definition import Budget, Contest, Majority, Points, Rank, Score
from ballots.result import ContestTally, Tally
from evote.current import current_services
from evote.elections.queries import ElectionDetail, get_election, get_tally
from evote.pages.blueprint import pages
from evote.pages.filters import localized, number
from evote.pages.phases import Phase, phase_of
from evote.pages.queries import count_standing_voters, notices, withdrawn_keys
from evote.pages.wording import how_it_is_decided


@dataclass(frozen=True)
class Certificate:
    """What proves one decrypted ciphertext, as the record writes it."""

    ciphertext: str
    m: str
    r: str


@dataclass(frozen=True)
class OptionResult:
    """An option and what it got; `total` is empty in a ranking."""

    label: str
    total: int | None
    elected: bool
    tied: bool
    abstain: bool


@dataclass(frozen=True)
class ContestResult:
    """One contest's part of the page.

    Attributes:
        refused: Why it was not decrypted; empty where it was.
        outcome: The outcome in a sentence.
        whole: What a share is a share of.
        pairs: For a ranking, how many prefer the row's option to the column's; else empty.
    """

    title: str
    rule: str
    refused: str
    outcome: str
    elected_word: str
    caption: str
    unit: str
    whole: int
    options: Sequence[OptionResult]
    pairs: Sequence[Sequence[int | None]]
    ballots: int
    weight: int
    certificates: Sequence[Certificate]


@dataclass(frozen=True)
class ResultView:
    """The page of a result.

    Attributes:
        voted: Ballots that count.
        ballots: Ballots on the board, replaced ones too.
        partials: Names of the trustees whose parts opened the sums.
        size, root: The log they agreed on.
    """

    voted: int
    ballots: int
    eligible: int
    closed_at: datetime
    contests: Sequence[ContestResult]
    partials: Sequence[str]
    size: int
    root: str


@pages.get("/elections/<uuid:election_id>/result")
def result(election_id: object) -> str:
    """Show the result, or what it still waits for."""
    services, key = current_services(), str(election_id)
    with services.database.reading() as session:
        detail = get_election(session, key)
        tally = get_tally(session, key) if detail.summary.state == "tallied" else None
        view = view_result(session, detail, tally) if tally else None
    summary = detail.summary
    phase = phase_of(summary.state, summary.opens_at, summary.closes_at, services.now())
    return render_template(
        "pages/result.html",
        title=localized(detail.manifest.title),
        view=view,
        waiting=_what_it_waits_for(phase),
        fingerprint=summary.fingerprint,
        record_address=record_address(key),
    )


def record_address(election_id: str) -> str:
    """Return the lasting address of an election's record."""
    return f"{current_services().settings.base_url}/elections/{election_id}/record/"


def view_result(session: Session, detail: ElectionDetail, tally: Tally) -> ResultView:
    """Gather what the page says."""
    key, manifest = detail.summary.id, detail.manifest
    closes = notices(session, key, "close")
    return ResultView(
        voted=count_standing_voters(session, key, withdrawn_keys(session, key)),
        ballots=detail.summary.ballots,
        eligible=detail.summary.voters,
        closed_at=closes[0].time if closes else detail.summary.closes_at,
        contests=[
            view_contest_result(contest, counted, manifest.min_ballots)
            for contest, counted in zip(manifest.contests, tally.contests, strict=True)
        ],
        partials=[manifest.trustees.names[partial["trustee"] - 1] for partial in tally.partials],
        size=tally.size,
        root=tally.root,
    )


def view_contest_result(contest: Contest, counted: ContestTally, min_ballots: int) -> ContestResult:
    """Write out one contest's result."""
    one_each = bool(counted.totals) and not isinstance(contest, Rank)
    totals: Sequence[int | None] = counted.totals if one_each else [None] * len(contest.options)
    pairs = pair_matrix(contest, counted.totals, counted.weight) if isinstance(contest, Rank) and counted.totals else []
    elected, tied = counted.outcome.elected, counted.outcome.tied
    most_each = contest.top if isinstance(contest, Score) else contest.points if isinstance(contest, Points) else 1
    options = [
        OptionResult(
            label=localized(option.label),
            total=total,
            elected=option.id in elected,
            tied=option.id in tied,
            abstain=option.id == contest.abstain,
        )
        for option, total in zip(contest.options, totals, strict=True)
    ]
    return ContestResult(
        title=localized(contest.title),
        rule=how_it_is_decided(contest),
        refused="" if counted.ciphertexts else _why_refused(counted.ballots, min_ballots),
        outcome=say_outcome(contest, elected, tied),
        elected_word=_elected_word(contest),
        caption=gettext("Totals of “%(contest)s”", contest=localized(contest.title)),
        unit=_unit(contest),
        whole=most_each * counted.weight,
        options=sorted(options, key=_place),
        pairs=pairs,
        ballots=counted.ballots,
        weight=counted.weight,
        certificates=[
            Certificate(ciphertext, opened.m, opened.r)
            for ciphertext, opened in zip(counted.ciphertexts, counted.certificates, strict=True)
        ],
    )


def pair_matrix(contest: Rank, totals: Sequence[int], weight: int) -> list[list[int | None]]:
    """Lay a ranking's totals out as a table; with strict ranks the other half follows from the weight."""
    count = len(contest.options)
    cells: list[list[int | None]] = [[None] * count for _ in range(count)]
    pairs = [(a, b) for a in range(count) for b in range(count) if a != b and (contest.ties or a < b)]
    for (a, b), total in zip(pairs, totals, strict=True):
        cells[a][b] = total
        if not contest.ties:
            cells[b][a] = weight - total
    return cells


def say_outcome(contest: Contest, elected: Sequence[str], tied: Sequence[str]) -> str:
    """Say who is elected and who is tied, in a sentence or two."""
    labels = {option.id: localized(option.label) for option in contest.options}
    names, ties = (gettext(", ").join(labels[one] for one in ids) for ids in (elected, tied))
    if isinstance(contest.rule, Majority):
        if names:
            return gettext("“%(option)s” has the majority it needs.", option=names)
        return gettext("“%(option)s” does not have the majority it needs.", option=labels[contest.rule.of])
    sentences = []
    if names:
        funded = isinstance(contest.rule, Budget)
        text = gettext("Funded: %(names)s.", names=names) if funded else gettext("Elected: %(names)s.", names=names)
        sentences.append(text)
    if ties:
        sentences.append(gettext("Tied: %(names)s. People decide between them, not this program.", names=ties))
    return " ".join(sentences) or gettext("Nobody is elected.")


def _place(option: OptionResult) -> tuple[bool, int]:
    """Sort by total, highest first, and abstaining last; a ranking's options have no total and stay as they are."""
    return option.abstain and option.total is not None, -(option.total or 0)


def _elected_word(contest: Contest) -> str:
    if isinstance(contest.rule, Majority):
        return gettext("Accepted")
    return gettext("Funded") if isinstance(contest.rule, Budget) else gettext("Elected")


def _unit(contest: Contest) -> str:
    if isinstance(contest, Score):
        return gettext("Score")
    return gettext("Points") if isinstance(contest, Points) else gettext("Votes")


def _why_refused(ballots: int, min_ballots: int) -> str:
    if ballots < min_ballots:
        return gettext(
            "This contest was not decrypted: %(ballots)s ballots were counted; at least %(least)s keep votes secret.",
            ballots=number(ballots),
            least=number(min_ballots),
        )
    return gettext(
        "This contest was not decrypted: so few ballots have some weight that the total could show their votes."
    )


def _what_it_waits_for(phase: Phase) -> str:
    if phase is Phase.ANNULLED:
        return gettext("The election was annulled: there is no count.")
    if phase in (Phase.CLOSING, Phase.COUNTING):
        return gettext("The trustees are at work. Each checks the whole record before giving a part of the key.")
    return gettext("It is made after voting has closed.")
