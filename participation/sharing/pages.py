"""Small pages that any site may put into a frame: where a petition or a consultation stands, and the way here."""

from flask import Blueprint, Response, make_response, render_template, url_for

from participation.consultations.pages import phase_badge
from participation.pagecache import kept
from participation.petitions.blueprint import sign_address
from participation.petitions.wording import reason_name
from participation.ports import current_ports
from participation.sharing.notices import notice_consultation, notice_petition

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


def _embedded(response: Response) -> Response:
    """Let any site put it into a frame; it is the same for everybody, whatever cookies a browser sends."""
    response.headers["Cache-Control"] = f"public, max-age={WIDGET_SECONDS}"
    response.vary.add("Accept-Language")
    return current_ports().embeddable(response)
