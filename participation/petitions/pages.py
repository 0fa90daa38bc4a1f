"""The public list of petitions and the page of each, for people and as JSON."""

from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ballots import codec
from participation.answers.forms import name_of
from participation.answers.kinds import DutyKind
from participation.answers.queries import duty_about
from participation.pagecache import kept
from participation.paging import Pages, page_number
from participation.petitions.answering import answers_to, debates_of, updates_of
from participation.petitions.blueprint import badges_of, blueprint, goal_of, sign_address
from participation.petitions.counts import Count, counts_of
from participation.petitions.history import history_of
from participation.petitions.life import State
from participation.petitions.lists import PAGE, Order, Shelf, count_shelves, list_petitions
from participation.petitions.owing import authority_of
from participation.petitions.queries import PetitionView, get_petition
from participation.petitions.wording import reason_name, step_name, who_name
from participation.ports import current_ports
from participation.sharing.cards import petition_card
from participation.sharing.pictures import picture_address, version_of
from participation.text import one_line

MOST_TYPED = 200
PAGE_SECONDS = 3


@blueprint.get("/")
@kept(PAGE_SECONDS, "q", "state", "sort", "page")
def index() -> str:
    """Show petitions: a shelf of them, found by words, in an order."""
    ports, shelf, order, words, number = current_ports(), *_asked(), page_number()
    with ports.database.reading() as session:
        found = list_petitions(session, ports, shelf, order, words, number)
        counts = counts_of(session, ports, [one.id for one in found.petitions])
        shelves = count_shelves(session, ports)
    return render_template(
        "participation/petitions/index.html",
        cards=[(one, counts[one.id], goal_of(counts[one.id], ports), badges_of(one, ports)) for one in found.petitions],
        shelf=shelf,
        order=order,
        words=words,
        shelves=[(one, name, shelves[one]) for one, name in _shelf_names().items()],
        orders=_order_names(),
        pages=Pages(number, found.total, PAGE),
    )


@blueprint.get("/list.json")
def index_json() -> Response:
    """Give out the same list: {"total", "page", "pages", "petitions"}."""
    ports, shelf, order, words, number = current_ports(), *_asked(), page_number()
    with ports.database.reading() as session:
        found = list_petitions(session, ports, shelf, order, words, number)
        counts = counts_of(session, ports, [one.id for one in found.petitions])
    listed = [petition_json(one, counts[one.id]) for one in found.petitions]
    pages = Pages(number, found.total, PAGE)
    return _open_data({"total": found.total, "page": number, "pages": pages.last, "petitions": listed})


@blueprint.get("/<uuid:petition_id>")
@kept(PAGE_SECONDS)
def petition(petition_id: object) -> ResponseReturnValue:
    """Show one petition, in whichever state it is."""
    ports = current_ports()
    with ports.database.reading() as session:
        view = get_petition(session, str(petition_id))
        count = counts_of(session, ports, [view.id])[view.id]
        shown, goal = view.life.shows_text, goal_of(count, ports)
        card = petition_card(ports, view, count, goal)
        owed = duty_about(session, DutyKind.RESPONSE, view.id, ports.now())
        owner = owed.authority if owed else authority_of(session, view.authority_id)
        page = render_template(
            "participation/petitions/petition.html" if shown else "participation/petitions/gone.html",
            petition=view,
            count=count,
            goal=goal,
            picture=picture_address("sharing.petition_picture", version_of(card), petition_id=view.id) if shown else "",
            badges=badges_of(view, ports),
            sign=sign_address(view, ports),
            reason=reason_name(view.life.reason),
            steps=public_history(history_of(session, view.id)),
            answers=answers_to(session, view.id),
            owed=owed,
            owner=name_of(owner) if owner else "",
            debates=debates_of(session, view.id),
            updates=updates_of(session, view.id),
            rules=ports.rules.petitions,
            write_day=ports.write_day,
            lag=ports.rules.signatures.count_seconds + PAGE_SECONDS + 1,
        )
    return page, 410 if view.state is State.REMOVED else 200


@blueprint.get("/<uuid:petition_id>.json")
def petition_json_page(petition_id: object) -> Response:
    """Give out one petition with its history, and what its page shows of answers, debates and news."""
    ports = current_ports()
    with ports.database.reading() as session:
        view = get_petition(session, str(petition_id))
        count = counts_of(session, ports, [view.id])[view.id]
        shown, steps = view.life.shows_text, history_of(session, view.id)
        answers = answers_to(session, view.id) if shown else []
        debates = debates_of(session, view.id) if shown else []
        updates = updates_of(session, view.id) if shown else []
    document = {
        **petition_json(view, count),
        "history": [
            {
                "time": codec.encode_time(one.time),
                "who": one.official or one.who,
                "what": one.what,
                "state": one.after,
                "reason": one.reason,
                "note": one.note,
            }
            for one in steps
        ],
        "answers": [
            {"time": codec.encode_time(one.time), "office": one.office, "summary": one.summary, "text": one.text}
            for one in answers
        ],
        "debates": [
            {
                "time": codec.encode_time(one.time),
                "outcome": one.outcome,
                "day": one.day.isoformat() if one.day else None,
                "text": one.text,
                "transcript": one.transcript,
                "video": one.video,
            }
            for one in debates
        ],
        "updates": [
            {"time": codec.encode_time(one.time), "by": one.official or "creator", "title": one.title, "text": one.text}
            for one in updates
        ],
    }
    return _open_data(document)


def petition_json(view: PetitionView, count: Count) -> Mapping[str, Any]:
    """Return a petition as open data; texts only where everybody may read them, and never a mail address."""
    life, shown = view.life, view.life.shows_text
    times = {"opened_at": life.opened_at, "closes_at": life.closes_at, "ended_at": life.ended_at}
    return {
        "id": view.id,
        "page": url_for("petitions.petition", petition_id=view.id),
        "state": life.state,
        "reason": life.reason,
        "title": view.title if shown else "",
        "background": view.background if shown else "",
        "details": view.details if shown else "",
        "creator": view.creator_name if shown else "",
        "language": view.language,
        "signing": list(view.signing),
        "signatures": count.confirmed,
        "signatures_towards_answer": count.towards,
        "signatures_as_of": codec.encode_time(count.as_of),
        "response": life.response,
        "debate": life.debate,
        "debate_on": life.debate_on.isoformat() if life.debate_on else None,
        **{name: None if time is None else codec.encode_time(time) for name, time in times.items()},
    }


def public_history(steps: list[Any]) -> list[dict[str, Any]]:
    """Say the lines of a history in the page's language, newest first."""
    return [
        {
            "at": one.time,
            "by": who_name(one.who, one.official),
            "text": step_name(one.what),
            "note": "\n".join(filter(None, (reason_name(one.reason) if one.reason else "", one.note))),
            "evidence": (),
        }
        for one in reversed(steps)
    ]


def _asked() -> tuple[Shelf, Order, str]:
    words = one_line(request.args.get("q", ""))[:MOST_TYPED]
    shelf, order = request.args.get("state", ""), request.args.get("sort", "")
    return (
        Shelf(shelf) if shelf in list(Shelf) else Shelf.ALL if words else Shelf.OPEN,
        Order(order) if order in list(Order) else Order.SIGNATURES,
        words,
    )


def _shelf_names() -> dict[Shelf, str]:
    return {
        Shelf.OPEN: gettext("Taking signatures"),
        Shelf.AWAITING: gettext("Waiting for an answer"),
        Shelf.ANSWERED: gettext("With an answer"),
        Shelf.DEBATE: gettext("With a debate"),
        Shelf.CLOSED: gettext("Closed for signatures"),
        Shelf.REJECTED: gettext("Not accepted"),
        Shelf.ARCHIVED: gettext("Archived"),
        Shelf.ALL: gettext("All"),
    }


def _order_names() -> dict[Order, str]:
    return {
        Order.SIGNATURES: gettext("Most signatures"),
        Order.NEWEST: gettext("Newest"),
        Order.CLOSING: gettext("Closing first"),
    }


def _open_data(document: Mapping[str, Any]) -> Response:
    """Let any site read a public answer: it is open data and carries no session."""
    response = jsonify(document)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = "no-cache"
    return response
