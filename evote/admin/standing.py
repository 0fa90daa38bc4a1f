"""Where an election stands, as a list of steps: done, to be done now, or later."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from ballots.manifest import Manifest
from evote.admin.acts import KEY_FILE, ROLL_FILES, dry_run, list_staged
from evote.elections.cost import BallotCost, estimate_costs
from evote.elections.loaded import find_document
from evote.elections.models import ANNULLED, CLOSED, DRAFT, FROZEN, OPEN, TALLIED, TALLY, Election
from evote.elections.queries import get_election
from evote.pages.filters import number
from evote.services import Services
from evote.trustees.intents import logged_signers
from evote.trustees.openings import list_openings
from evote.trustees.partials import list_partials

DONE, NOW, LATER = "done", "now", "later"
_ORDER = (DRAFT, FROZEN, OPEN, CLOSED, TALLIED)


@dataclass(frozen=True)
class Step:
    """One step; `page` is the address of where it is done, or empty."""

    state: str
    name: str
    says: str
    page: str


@dataclass(frozen=True)
class Signer:
    """A trustee or observer, and what came from there.

    Attributes:
        opening, partial: Nothing for observers, who make none.
    """

    name: str
    number: int
    observer: bool
    opening: bool | None
    intent: bool
    partial: bool | None


def ballot_costs(manifest: Manifest) -> Sequence[BallotCost]:
    """Return what a ballot of each style costs."""
    return estimate_costs(manifest)


def list_signers(session: Session, election_id: str, manifest: Manifest) -> list[Signer]:
    """Return trustees, then observers, with what they handed in."""
    row = session.get(Election, election_id)
    assert row is not None
    openings, signers = list_openings(session, election_id), logged_signers(session, row)
    partials = {partial["trustee"] for partial in list_partials(session, election_id)}
    began = row.state not in (DRAFT, FROZEN)  # all trustees signed the opening, or it would not be open
    trustees = [
        Signer(name, place, False, began or place in openings, ("trustee", place) in signers, place in partials)
        for place, name in enumerate(manifest.trustees.names, start=1)
    ]
    observers = [
        Signer(one.name, place, True, None, ("observer", place) in signers, None)
        for place, one in enumerate(manifest.observers)
    ]
    return trustees + observers


def next_steps(services: Services, election_id: str) -> list[Step]:
    """Return the steps of an election in their order."""
    with services.database.reading() as session:
        detail = get_election(session, election_id)
        people = list_signers(session, election_id, detail.manifest)
        published = find_document(session, election_id, TALLY) is not None
        door = session.get(Election, election_id, populate_existing=True)
        shut = door is not None and door.state == OPEN and not door.door_open
    state, manifest = detail.summary.state, detail.manifest
    if state == ANNULLED:
        return [Step(DONE, gettext("Annulled"), gettext("There is no count. The reason stands on the board."), "")]
    place = _ORDER.index(state)
    steps = [Step(DONE, gettext("The manifest is made"), f"M {manifest.hash_text}", "")]
    steps += _freeze_steps(services, election_id, frozen=place > 0)
    opened = sum(1 for one in people if one.opening)
    total = manifest.trustees.total
    said = gettext("%(count)s of %(total)s have signed", count=number(opened), total=number(total))
    steps.append(
        _step(place, 1, gettext("The trustees rehearse"), said, _to("trustees_page", election_id), opened == total)
    )
    steps.append(_step(place, 1, gettext("Open"), gettext("With your signature"), _to("sign", election_id, "open")))
    said = gettext("%(count)s ballots", count=number(detail.summary.ballots))
    steps.append(_step(place, 2, gettext("People vote"), said, _to("live", election_id)))
    closing = gettext("It closes by itself at the closing time")
    if manifest.closing == "official":
        closing = gettext("The voting is stopped: sign the close") if shut else gettext("With your signature")
    page = _to("sign", election_id, "close") if manifest.closing == "official" else ""
    steps.append(_step(place, 2, gettext("Close"), closing, page))
    intents, partials = sum(one.intent for one in people), sum(bool(one.partial) for one in people)
    said = gettext(
        "%(intents)s of %(quorum)s agree on the log; %(partials)s of %(threshold)s have opened",
        intents=number(intents),
        quorum=number(manifest.quorum),
        partials=number(partials),
        threshold=number(manifest.trustees.threshold),
    )
    steps.append(_step(place, 3, gettext("The trustees count"), said, _to("trustees_page", election_id)))
    said = gettext("The result stands on the page of the election") if published else gettext("Hand in tally.json")
    steps.append(_step(place, 3, gettext("Publish"), said, _to("trustees_page", election_id), published))
    return steps


def _freeze_steps(services: Services, election_id: str, *, frozen: bool) -> list[Step]:
    address = _to("files", election_id)
    names = (gettext("The registrar's files"), gettext("The key of the ceremony"), gettext("Freeze"))
    if frozen:
        return [Step(DONE, names[0], "", ""), Step(DONE, names[1], "", ""), Step(DONE, names[2], "", "")]
    staged, report = list_staged(services, election_id), dry_run(services, election_id)
    missing = [name for name in ROLL_FILES if name not in staged]
    said = gettext("Missing: %(files)s", files=", ".join(missing)) if missing else gettext("Handed in")
    good = report is not None and not report.problems
    if report is not None and report.problems:
        said = gettext("%(count)s lines are wrong", count=number(report.wrong))
    key = KEY_FILE in staged
    key_says = gettext("Handed in") if key else gettext("Missing: %(files)s", files=KEY_FILE)
    return [
        Step(DONE if good else NOW, names[0], said, address),
        Step(DONE if key else NOW, names[1], key_says, address),
        Step(NOW if good and key else LATER, names[2], "", _to("freeze", election_id)),
    ]


def _step(place: int, at: int, name: str, said: str, page: str, finished: bool = False) -> Step:
    state = DONE if finished or place > at else NOW if place == at else LATER
    useful = place == at or (place > at and "/sign/" not in page)  # what is signed needs no page any more
    return Step(state, name, said if place >= at else "", page if useful else "")


def _to(page: str, election_id: str, kind: str = "") -> str:
    if kind:
        return url_for(f"admin.{page}", election_id=election_id, kind=kind)
    return url_for(f"admin.{page}", election_id=election_id)
