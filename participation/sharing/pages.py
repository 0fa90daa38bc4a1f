"""What other sites show: small pages that they may put into a frame, and the pictures beside shared links."""

from flask import Blueprint, Response, make_response, render_template, url_for

from participation.answers.forms import name_of
from participation.answers.queries import get_promise
from participation.consultations.pages import badge_of, phase_badge
from participation.consultations.queries import get_consultation
from participation.errors import Missing
from participation.pagecache import kept
from participation.petitions.blueprint import goal_of, sign_address
from participation.petitions.counts import counts_of
from participation.petitions.queries import get_petition
from participation.petitions.wording import reason_name
from participation.ports import current_ports
from participation.sharing.cards import consultation_card, petition_card, promise_card
from participation.sharing.figures import participants
from participation.sharing.notices import notice_consultation, notice_petition
from participation.sharing.pictures import answer_picture

WIDGET_SECONDS = 60

sharing = Blueprint("sharing", __name__)


@sharing.get("/petitions/<uuid:petition_id>/widget")
def petition_widget(petition_id: object) -> Response:
    """Show a petition on other people's pages."""
    return _embedded(make_response(_petition(str(petition_id))))


@sharing.get("/consultations/<uuid:consultation_id>/widget")
def consultation_widget(consultation_id: object) -> Response:
    """Show a consultation on other people's pages."""
    return _embedded(make_response(_consultation(str(consultation_id))))


@kept(WIDGET_SECONDS)
def _petition(petition_id: str) -> str:
    ports = current_ports()
    with ports.database.reading() as session:
        notice = notice_petition(session, ports, petition_id)
    sign = sign_address(notice.petition, ports)
    return render_template(
        "participation/sharing/petition_widget.html",
        notice=notice,
        reason=reason_name(notice.petition.life.reason),
        page=ports.base_url + url_for("petitions.petition", petition_id=petition_id),
        sign=ports.base_url + sign if sign else "",
    )


@kept(WIDGET_SECONDS)
def _consultation(consultation_id: str) -> str:
    ports = current_ports()
    with ports.database.reading() as session:
        notice = notice_consultation(session, ports, consultation_id)
        session.expunge_all()
    return render_template(
        "participation/sharing/consultation_widget.html",
        notice=notice,
        parts=[(one, phase_badge(one)) for one in notice.view.phases],
        page=ports.base_url + url_for("consultations.consultation", consultation_id=consultation_id),
    )


@sharing.get("/petitions/<uuid:petition_id>/card.png")
def petition_picture(petition_id: object) -> Response:
    """Draw a petition."""
    ports = current_ports()
    with ports.database.reading() as session:
        view = get_petition(session, str(petition_id))
        if not view.life.shows_text:
            raise Missing("There is no such petition, or it is not open yet.")
        count = counts_of(session, ports, [view.id])[view.id]
    return answer_picture(petition_card(ports, view, count, goal_of(count, ports)))


@sharing.get("/consultations/<uuid:consultation_id>/card.png")
def consultation_picture(consultation_id: object) -> Response:
    """Draw a consultation."""
    ports = current_ports()
    with ports.database.reading() as session:
        view = get_consultation(session, str(consultation_id), ports.now())
        number, _ = participants(session, view)
        card = consultation_card(ports, view, badge_of(view), name_of(view.authority), number)
    return answer_picture(card)


@sharing.get("/promises/<int:promise_id>/card.png")
def promise_picture(promise_id: int) -> Response:
    """Draw a promise."""
    ports = current_ports()
    with ports.database.reading() as session:
        found, _, _ = get_promise(session, promise_id)
        card = promise_card(ports, found.promise, name_of(found.authority))
    return answer_picture(card)


def _embedded(response: Response) -> Response:
    """Let any site put it into a frame; it is the same for everybody, whatever cookies a browser sends."""
    response.headers["Cache-Control"] = f"public, max-age={WIDGET_SECONDS}"
    response.vary.add("Accept-Language")
    return current_ports().embeddable(response)
