"""The moderators' page of a petition's signatures: those held back, and removal by entry."""

import re

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from participation.errors import Unacceptable
from participation.guards import MODERATE, current_official, needs, who
from participation.numbers import MOST_BIG, read_whole
from participation.ports import current_ports
from participation.regions.places import load_regions
from participation.regions.words import region_name
from participation.signatures.forms import ReviewForm
from participation.signatures.logs import load_signing
from participation.signatures.queries import count_of
from participation.signatures.reviewing import (
    accept_held,
    list_held,
    refuse_held,
    remove_entries,
    restore_entries,
)

desk = Blueprint("signature_desk", __name__, url_prefix="/admin/participation/petitions/<uuid:petition_id>/signatures")
desk.context_processor(who)
_MOST_TYPED = 20_000


@desk.get("/")
@needs(MODERATE)
def page(petition_id: object) -> ResponseReturnValue:
    """Show what is held back, with the ways to settle it."""
    ports = current_ports()
    signing = load_signing(ports, str(petition_id))
    with ports.database.reading() as session:
        held, total = list_held(session, ports, signing.petition_id)
        count = count_of(session, signing.petition_id)
    regions = {one.code: region_name(one) for one in load_regions(ports.rules.signatures.regions).regions}
    return render_template(
        "participation/signatures/desk.html",
        signing=signing,
        held=held,
        total=total,
        count=count,
        regions=regions,
        form=ReviewForm(),
    )


@desk.post("/")
@needs(MODERATE)
def act(petition_id: object) -> ResponseReturnValue:
    """Accept, refuse, remove or restore many at once."""
    ports, official, form, key = current_ports(), current_official(), ReviewForm(), str(petition_id)
    if not form.validate_on_submit():
        raise Unacceptable("Choose one of the reasons.")
    what, reason = request.form.get("act", ""), form.reason.data
    nothing = gettext("Nothing was left to do: another moderator may have been faster.")
    if what == "accept":
        done = accept_held(ports, official, key, _chosen())
        said = ngettext("%(num)s signature accepted.", "%(num)s signatures accepted.", done)
    elif what == "refuse":
        done = refuse_held(ports, official, key, _chosen(), reason)
        said = ngettext("%(num)s signature refused.", "%(num)s signatures refused.", done)
    elif what == "remove":
        done = remove_entries(ports, official, key, _entries(form.entries.data), reason)
        said = ngettext("%(num)s signature removed.", "%(num)s signatures removed.", done)
    elif what == "restore":
        entries = _entries(form.entries.data)
        done = restore_entries(ports, official, key, entries)
        said = ngettext("%(num)s signature restored.", "%(num)s signatures restored.", done)
        nothing = _not_restored()
        if 0 < done < len(set(entries)):
            flash(nothing, "wait")
    else:
        raise Unacceptable("What was sent cannot be read. Reload the page and try again.")
    flash(said if done else nothing, "wait")
    return redirect(url_for("signature_desk.page", petition_id=petition_id), 303)


def _not_restored() -> str:
    return gettext(
        "What was not restored stands already, was taken back by its signer or signed anew, or its credential was "
        "struck or replaced."
    )


def _chosen() -> list[int]:
    numbers = (read_whole(one, MOST_BIG) for one in request.form.getlist("signature"))
    return [number for number in numbers if number is not None]


def _entries(typed: str | None) -> list[int]:
    text = (typed or "")[:_MOST_TYPED]
    words = [one for one in re.split(r"[\s,،;]+", text) if one]
    numbers = [number for one in words if (number := read_whole(one)) is not None]
    if len(numbers) != len(words):
        raise Unacceptable("Enter the numbers of entries, with spaces or commas between them.")
    return numbers
