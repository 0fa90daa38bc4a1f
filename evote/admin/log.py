"""The officials' log: for anybody where it concerns an election, and whole for auditors."""

from dataclasses import dataclass
from datetime import datetime

from flask import Response, jsonify, render_template, request
from flask_babel import gettext

from ballots import codec
from evote.admin.blueprint import admin, needs
from evote.admin.deeds import PARTICIPATION, SITE, DeedLine, all_deeds, chain_head, list_deeds
from evote.admin.roles import Permission
from evote.admin.wording import deed_name, detail_name, detail_value
from evote.current import current_services
from evote.elections.queries import get_election
from evote.pages.blueprint import pages
from evote.pages.filters import localized
from evote.security import open_data


@dataclass(frozen=True)
class DeedView:
    """A line as people read it."""

    index: int
    time: datetime
    official: str
    name: str
    details: list[tuple[str, str]]
    hash: str


@pages.get("/elections/<uuid:election_id>/officials-log")
def officials_log(election_id: object) -> str:
    """Show what officials did to an election."""
    key, before = str(election_id), request.args.get("before", type=int)
    with current_services().database.reading() as session:
        title = localized(get_election(session, key).manifest.title)
        lines, (size, head) = list_deeds(session, key, before), chain_head(session, key)
    views = [view_deed(line) for line in lines]
    return render_template("admin/public_log.html", title=title, lines=views, size=size, head=head)


@pages.get("/elections/<uuid:election_id>/officials-log.json")
def officials_log_json(election_id: object) -> Response:
    """Give out the whole chain of an election: {"size", "head", "lines"}, oldest first."""
    key = str(election_id)
    with current_services().database.reading() as session:
        get_election(session, key)
        lines, (size, head) = all_deeds(session, key), chain_head(session, key)
    return open_data(jsonify({"size": size, "head": head, "lines": [codec.parse_canonical(line) for line in lines]}))


@pages.get("/participation/officials-log")
def participation_log() -> str:
    """Show what officials did to petitions, consultations and answers."""
    with current_services().database.reading() as session:
        lines = list_deeds(session, PARTICIPATION, request.args.get("before", type=int))
        size, head = chain_head(session, PARTICIPATION)
    return render_template(
        "participation/officials_log.html", lines=[view_deed(line) for line in lines], size=size, head=head
    )


@pages.get("/participation/officials-log.json")
def participation_log_json() -> Response:
    """Give out the whole chain of participation: {"size", "head", "lines"}, oldest first."""
    with current_services().database.reading() as session:
        lines, (size, head) = all_deeds(session, PARTICIPATION), chain_head(session, PARTICIPATION)
    return open_data(jsonify({"size": size, "head": head, "lines": [codec.parse_canonical(line) for line in lines]}))


@admin.get("/log")
@needs(Permission.AUDIT)
def site_log() -> str:
    """Show what concerns no election: accounts and sign-ins."""
    with current_services().database.reading() as session:
        lines = list_deeds(session, SITE, request.args.get("before", type=int))
        size, head = chain_head(session, SITE)
    return render_template("admin/log.html", lines=[view_deed(line) for line in lines], size=size, head=head)


def view_deed(line: DeedLine) -> DeedView:
    """Say a line in the page's language."""
    who = {"(operator)": gettext("operator, at the server"), "(unknown)": gettext("unknown")}
    return DeedView(
        index=line.index,
        time=line.time,
        official=who.get(line.official, line.official),
        name=deed_name(line.what),
        details=[(detail_name(word), detail_value(word, value)) for word, value in line.details.items()],
        hash=line.hash,
    )
