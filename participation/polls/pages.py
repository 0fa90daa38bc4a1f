"""A secret poll: what an encrypted vote means here, and the way to the election that holds it."""

from flask import Blueprint, render_template

from participation.consultations.kinds import PhaseKind
from participation.consultations.pages import phase_badge
from participation.consultations.queries import get_phase
from participation.ports import current_ports

polls = Blueprint("polls", __name__, url_prefix="/consultations/<uuid:consultation_id>/poll")


@polls.get("/<int:phase_id>")
def phase(consultation_id: object, phase_id: int) -> str:
    """Lead to the election in which people vote, and to its result."""
    ports = current_ports()
    with ports.database.reading() as session:
        view, part = get_phase(session, str(consultation_id), phase_id, PhaseKind.POLL, ports.now())
        session.expunge_all()
    found = ports.find_election(str(part.phase.settings.get("election", "")))
    return render_template(
        "participation/polls/phase.html", view=view, part=part, badge=phase_badge(part), election=found
    )
