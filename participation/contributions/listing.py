"""The page of a part in which people talk: its entries in an order, page by page, with the first replies to each."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request

from participation.consultations.kinds import PhaseKind
from participation.consultations.pages import phase_badge
from participation.consultations.queries import get_phase, is_open
from participation.contributions.kinds import ContributionKind
from participation.contributions.threads import PAGE, SORTINGS, Sorting, list_threads, open_sortings
from participation.paging import Pages, page_number
from participation.people.current import current_person
from participation.ports import current_ports


@dataclass(frozen=True)
class Listing:
    """What such a page shows.

    Attributes:
        part: The kind of part.
        entries: The kind of its entries.
        endpoint: The blueprint, whose `phase` is this page and whose `write` takes an entry.
        sortings: The orders offered, the usual one first.
    """

    part: PhaseKind
    entries: ContributionKind
    endpoint: str
    sortings: Sequence[Sorting]


def show_listing(listing: Listing, consultation_id: object, phase_id: int, *, write: str, empty: str) -> str:
    """Render the page.

    Args:
        listing: What it shows.
        consultation_id: From the address.
        phase_id: Likewise.
        write: The words that lead to writing an entry, in the page's language.
        empty: What stands where there is none.

    Raises:
        Missing: There is no such part.
    """
    ports, number = current_ports(), page_number()
    with ports.database.reading() as session:
        view, part = get_phase(session, str(consultation_id), phase_id, listing.part, ports.now())
        offered = open_sortings(part, listing.sortings)
        sorting = _chosen(offered)
        threads, total = list_threads(session, part, listing.entries, sorting=sorting, page=number)
        session.expunge_all()
    return render_template(
        "participation/contributions/list.html",
        view=view,
        part=part,
        badge=phase_badge(part),
        threads=threads,
        pages=Pages(number, total, PAGE),
        sorting=sorting,
        sortings={one: SORTINGS[one] for one in offered},
        endpoint=listing.endpoint,
        write=write,
        empty=empty,
        person=current_person(),
        open=is_open(view, part),
    )


def _chosen(offered: Sequence[Sorting]) -> Sorting:
    wanted = request.args.get("sort", "")
    return next((one for one in offered if one.value == wanted), offered[0])
