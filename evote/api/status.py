"""Is it well, and how much is going on: for machines that watch."""

from datetime import timedelta

from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy import func, select

from evote.board.models import SequencerBeat
from evote.casting.queue import count_waiting
from evote.current import current_services
from evote.elections.models import Election
from evote.mailings.progress import count_outbox

blueprint = Blueprint("status", __name__)

_SILENT = timedelta(seconds=60)


@blueprint.get("/health")
def health() -> Response:
    """Say whether the database answers and the sequencer is alive; 503 if not."""
    services = current_services()
    with services.database.reading() as session:
        beat = session.get(SequencerBeat, 1)
        waiting = count_waiting(session)
    alive = beat is not None and services.now() - beat.beat_at < _SILENT
    response = jsonify({"database": "ok", "sequencer": "ok" if alive else "silent", "waiting": waiting})
    response.status_code = 200 if alive else 503
    return response


@blueprint.get("/metrics")
def metrics() -> Response:
    """Show gauges for Prometheus; all of them are read from the database, so any worker answers for all."""
    services, registry = current_services(), CollectorRegistry()
    with services.database.reading() as session:
        beat = session.get(SequencerBeat, 1)
        waiting = count_waiting(session)
        states = session.execute(select(Election.state, func.count()).group_by(Election.state)).all()
        logged = session.scalar(select(func.sum(Election.ballot_count))) or 0
    Gauge("evote_waiting", "Submissions that wait for the sequencer", registry=registry).set(waiting)
    Gauge("evote_ballots", "Ballots on all logs", registry=registry).set(logged)
    mails = Gauge(
        "evote_mails_waiting", "Mails in the outbox: of single people, of mailings, held", ["of"], registry=registry
    )
    for of, count in vars(count_outbox(services)).items():
        if of != "oldest":
            mails.labels(of).set(count)
    elections = Gauge("evote_elections", "Elections by state", ["state"], registry=registry)
    for state, count in states:
        elections.labels(state).set(count)
    if beat is not None:
        age = (services.now() - beat.beat_at).total_seconds()
        Gauge("evote_sequencer_silence_seconds", "Since the sequencer's last sign of life", registry=registry).set(age)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
