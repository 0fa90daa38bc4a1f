"""The job that draws the opinion map of each phase anew when somebody answered, and the map as pages read it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.consultations.kinds import PhaseKind
from participation.consultations.models import Phase
from participation.contributions.kinds import ContributionKind, ContributionState
from participation.contributions.models import Contribution
from participation.jobs import Job
from participation.ports import Ports
from participation.statements.models import StatementVote, StoredMap


def draw_maps(ports: Ports) -> int:
    """Draw what changed; returns how many maps were drawn."""
    with ports.database.reading() as session:
        phases = session.scalars(select(Phase.id).where(Phase.kind == PhaseKind.STATEMENTS)).all()
    return sum(_draw(ports, phase_id) for phase_id in phases)


def _draw(ports: Ports, phase_id: int) -> bool:
    statements = (
        select(Contribution.id)
        .where(Contribution.phase_id == phase_id, Contribution.kind == ContributionKind.STATEMENT)
        .where(Contribution.state == ContributionState.SHOWN)
    )
    votes = select(StatementVote.person_id, StatementVote.statement_id, StatementVote.vote)
    figures = select(func.count(), func.sum(StatementVote.vote), func.max(StatementVote.at))
    with ports.database.reading() as session:
        shown = session.scalars(statements.order_by(Contribution.id)).all()
        among = StatementVote.statement_id.in_(shown)
        seen = hashlib.sha256(repr([shown, *session.execute(figures.where(among)).one()]).encode()).hexdigest()
        stored = session.get(StoredMap, phase_id)
        if stored is not None and stored.seen == seen:
            return False
        rows = [(person, statement, answer) for person, statement, answer in session.execute(votes.where(among))]
    # Loaded here: only the process that draws pays for the arithmetic.
    from participation.opinions.matrix import build_matrix
    from participation.opinions.opinion_map import draw_map

    drawn = draw_map(build_matrix(rows, shown))
    document = asdict(drawn)
    # Who stands where is nobody's business: places without names, in an order that tells nothing.
    document["points"] = sorted(
        [point.x, point.y, -1 if point.group is None else point.group] for point in drawn.points
    )
    with ports.database.writing() as session:
        row = session.get(StoredMap, phase_id, with_for_update=True) or StoredMap(phase_id=phase_id)
        row.computed_at, row.seen, row.document = ports.now(), seen, document
        session.add(row)
    return True


DRAW = Job("statements.maps", draw_maps)


@dataclass(frozen=True)
class StanceView:
    """A statement, and how a group or everybody answers it; shares of those who saw it."""

    text: str
    statement: int
    agrees: bool
    agree: int
    disagree: int
    seen: int
    ratio: float


@dataclass(frozen=True)
class GroupView:
    """A group with its letter, and what sets it apart."""

    letter: str
    size: int
    apart: list[StanceView]


@dataclass(frozen=True)
class MapView:
    """A map for a page.

    Attributes:
        points: (x, y, group or −1) in the drawing's units: 0 to 1000 across, 0 to 620 down.
        centres: (x, y) of each group.
    """

    participants: int
    votes: int
    groups: list[GroupView]
    together: list[StanceView]
    split: list[StanceView]
    points: list[tuple[int, int, int]]
    centres: list[tuple[int, int]]


WIDTH, HEIGHT, _MARGIN = 1000, 620, 40
LETTERS = "ABCDE"


def find_map(session: Session, phase_id: int) -> MapView | None:
    """Return the latest map of a phase; none before anybody answered.

    A statement that was taken down or back since the map was drawn is left out at once.
    """
    row = session.get(StoredMap, phase_id)
    if row is None or not row.document["votes"]:
        return None
    document = row.document
    query = select(Contribution.id, Contribution.text).where(Contribution.phase_id == phase_id)
    texts = dict(session.execute(query.where(Contribution.state == ContributionState.SHOWN)).all())
    points = _fit(document["points"])
    groups = [
        GroupView(LETTERS[index], group["size"], _stances(group["apart"], texts))
        for index, group in enumerate(document["groups"])
    ]
    centres = []
    for index in range(len(groups)):
        own = [(x, y) for x, y, group in points if group == index]
        centres.append((sum(x for x, _ in own) // len(own), sum(y for _, y in own) // len(own)))
    return MapView(
        participants=document["participants"],
        votes=document["votes"],
        groups=groups,
        together=_stances(document["together"], texts),
        split=[_counted(session, number, texts) for number in document["split"] if number in texts],
        points=points,
        centres=centres,
    )


def _fit(points: list[list[float]]) -> list[tuple[int, int, int]]:
    if not points:
        return []
    left, right = min(x for x, _, _ in points), max(x for x, _, _ in points)
    low, high = min(y for _, y, _ in points), max(y for _, y, _ in points)
    across, down = (right - left) or 1.0, (high - low) or 1.0
    scale = min((WIDTH - 2 * _MARGIN) / across, (HEIGHT - 2 * _MARGIN) / down)
    return [
        (
            round(WIDTH / 2 + (x - (left + right) / 2) * scale),
            round(HEIGHT / 2 - (y - (low + high) / 2) * scale),
            int(group),
        )
        for x, y, group in points
    ]


def _stances(stored: Sequence[Mapping[str, float]], texts: Mapping[int, str]) -> list[StanceView]:
    return [
        StanceView(
            text=texts[int(one["statement"])],
            statement=int(one["statement"]),
            agrees=one["answer"] > 0,
            agree=int(one["agree"]),
            disagree=int(one["disagree"]),
            seen=int(one["seen"]),
            ratio=float(one["ratio"]),
        )
        for one in stored
        if int(one["statement"]) in texts
    ]


def _counted(session: Session, statement_id: int, texts: Mapping[int, str]) -> StanceView:
    query = select(StatementVote.vote, func.count()).where(StatementVote.statement_id == statement_id)
    counts = dict(session.execute(query.group_by(StatementVote.vote)).all())
    agree, disagree, seen = counts.get(1, 0), counts.get(-1, 0), sum(counts.values())
    return StanceView(texts[statement_id], statement_id, agree >= disagree, agree, disagree, seen, 1.0)
