"""The list of elections and the page of one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import render_template
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from evote.current import current_services
from evote.elections.media import MediaEntry, list_media, read_orders
from evote.elections.queries import ElectionDetail, ElectionSummary, get_election, list_elections
from evote.pages.blueprint import pages
from evote.pages.contest_view import ContestView, view_contest
from evote.pages.filters import localized
from evote.pages.phases import Phase, Standing, phase_of, standing
from evote.pages.prose import ISOLATES, render_prose
from evote.pages.queries import closed_times, count_standing_voters, notices, withdrawn_keys
from evote.pages.social import election_picture
from participation.front import front


@dataclass(frozen=True)
class Card:
    """One line of the list; `closed_at` is the closing time in force until there is another."""

    election: ElectionSummary
    title: str
    standing: Standing
    closed_at: datetime


@dataclass(frozen=True)
class Group:
    """Elections that stand at about the same point."""

    title: str
    cards: Sequence[Card]


@dataclass(frozen=True)
class ElectionView:
    """What the page of an election says.

    Attributes:
        description: As written; `prose`: the same with its paragraphs, lists and links.
        closes_at: As extended.
        closed_at: When the board was closed; nothing while it is not.
        eligible: Lines of the roll; 0 before the freeze.
        voted: Voters whose ballot counts as things stand; nothing before voting opens.
        intents: Signatures on what is counted that are on the log.
        media: Files that the manifest names and the site serves beside the record.
    """

    title: str
    description: str
    prose: Markup
    standing: Standing
    opens_at: datetime
    closes_at: datetime
    remaining: timedelta
    extended: bool
    closed_at: datetime | None
    closing: str
    eligible: int
    voted: int | None
    contests: Sequence[ContestView]
    media: Sequence[MediaEntry]
    styles: int
    trustees: Sequence[str]
    threshold: int
    observers: Sequence[str]
    quorum: int
    intents: int
    min_ballots: int
    fingerprint: str
    manifest_hash: str
    modulus_bits: int
    annulled_because: str


@pages.get("/")
def home() -> str:
    """Show all elections by where they stand."""
    with current_services().database.reading() as session:
        elections, closed = list_elections(session), closed_times(session)
    return render_template(
        "pages/home.html", groups=group_elections(elections, closed, current_services().now()), front=front()
    )


@pages.get("/elections/<uuid:election_id>")
def election(election_id: object) -> str:
    """Show one election."""
    with current_services().database.reading() as session:
        view = view_election(session, get_election(session, str(election_id)), current_services().now())
    return render_template(
        "pages/election.html",
        view=view,
        address=media_address(str(election_id))(""),
        picture=election_picture(str(election_id), view.standing),
    )


def group_elections(elections: Iterable[ElectionSummary], closed: Mapping[str, datetime], now: datetime) -> list[Group]:
    """Sort elections into what is open, coming, being counted and finished."""
    cards = [
        Card(
            election=one,
            title=localized(one.title),
            standing=standing(phase_of(one.state, one.opens_at, one.closes_at, now)),
            closed_at=closed.get(one.id, one.closes_at),
        )
        for one in elections
    ]
    groups = (
        (gettext("Open now"), (Phase.OPEN,)),
        (gettext("Coming up"), (Phase.DRAFT, Phase.FROZEN, Phase.WAITING)),
        (gettext("Being counted"), (Phase.CLOSING, Phase.COUNTING)),
        (gettext("Finished"), (Phase.FINISHED, Phase.ANNULLED)),
    )
    return [Group(title, [card for card in cards if card.standing.phase in phases]) for title, phases in groups]


def view_election(session: Session, detail: ElectionDetail, now: datetime) -> ElectionView:
    """Gather what the page of an election says."""
    summary, manifest = detail.summary, detail.manifest
    files, orders = list_media(session, summary.id), read_orders(session, summary.id, manifest)
    sizes = {path: file.size for path, file in files.items()}
    place = standing(phase_of(summary.state, summary.opens_at, summary.closes_at, now))
    begun = place.phase not in (Phase.DRAFT, Phase.FROZEN, Phase.WAITING)
    annulments = notices(session, summary.id, "annul") if place.phase is Phase.ANNULLED else ()
    withdrawn = withdrawn_keys(session, summary.id)
    return ElectionView(
        title=localized(manifest.title),
        description=localized(manifest.description).strip(ISOLATES),
        prose=render_prose(localized(manifest.description)),
        standing=place,
        opens_at=summary.opens_at,
        closes_at=summary.closes_at,
        remaining=summary.closes_at - now,
        extended=bool(notices(session, summary.id, "extend")),
        closed_at=next((line.time for line in notices(session, summary.id, "close")), None),
        closing=summary.closing,
        eligible=summary.voters,
        voted=count_standing_voters(session, summary.id, withdrawn) if begun else None,
        contests=[
            view_contest(one, manifest, orders.get(one.id), media_address(summary.id), sizes)
            for one in manifest.contests
        ],
        media=list(files.values()),
        styles=len(manifest.styles),
        trustees=manifest.trustees.names,
        threshold=manifest.trustees.threshold,
        observers=[observer.name for observer in manifest.observers],
        quorum=manifest.quorum,
        intents=len(notices(session, summary.id, "intent")),
        min_ballots=manifest.min_ballots,
        fingerprint=summary.fingerprint,
        manifest_hash=summary.manifest_hash,
        modulus_bits=manifest.modulus_bits,
        annulled_because="; ".join(str(line.body["reason"]) for line in annulments),
    )


def media_address(election_id: str) -> Callable[[str], str]:
    """Return where an election's files are: {path: address}, the same in every language."""
    return lambda path: f"/elections/{election_id}/{path}"
