"""The booth's addresses: the page itself, what its script asks for, and a tracker as a QR code for the receipt."""

import io
from dataclasses import dataclass

import segno
from flask import Blueprint, Response, jsonify, render_template, request

from ballots.codec import decode_bytes, encode_time
from ballots.errors import EncodingError
from evote.board.queries import entry_data, log_size
from evote.booth.words import booth_words
from evote.compression import compressed
from evote.current import current_services
from evote.elections.queries import ElectionSummary, get_election
from evote.errors import NotFound
from evote.pages.filters import localized
from evote.pages.phases import Phase, phase_of
from evote.pages.queries import notices
from evote.security import open_data

blueprint = Blueprint("booth", __name__)

FIRST_ENTRIES = 4
"""Manifest, key, roll and open: what the log of every election begins with."""


@dataclass(frozen=True)
class _Scene:
    """What the page says of the election before any script runs."""

    title: str
    summary: ElectionSummary
    phase: Phase
    annulled_because: str


@blueprint.get("/elections/<uuid:election_id>/vote")
def booth(election_id: object) -> str:
    """Hand out the booth: an empty page, the sentences of its language, and where things are."""
    election = str(election_id)
    services = current_services()
    with services.database.reading() as session:
        detail = get_election(session, election)
        summary = detail.summary
        phase = phase_of(summary.state, summary.opens_at, summary.closes_at, services.now())
        reasons = notices(session, election, "annul") if phase is Phase.ANNULLED else ()
    scene = _Scene(
        title=localized(detail.manifest.title),
        summary=summary,
        phase=phase,
        annulled_because="; ".join(str(line.body["reason"]) for line in reasons),
    )
    return render_template(
        "booth/booth.html", scene=scene, words=booth_words(), places=_places(election), standing=_standing(summary)
    )


@blueprint.get("/api/elections/<uuid:election_id>/standing")
def standing(election_id: object) -> Response:
    """Say how the election stands and what time it is here, for devices whose clock is wrong."""
    with current_services().database.reading() as session:
        summary = get_election(session, str(election_id)).summary
    response = open_data(jsonify(_standing(summary)))
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/api/elections/<uuid:election_id>/withdrawn")
def withdrawn(election_id: object) -> Response:
    """List the keys that were replaced or struck, all at once: who asks does not say for whom."""
    key = str(election_id)
    with current_services().database.reading() as session:
        get_election(session, key)
        replaced = [str(line.body["old"]) for line in notices(session, key, "replace")]
        struck = [str(line.body["voter"]) for line in notices(session, key, "strike")]
    return open_data(jsonify({"replaced": replaced, "struck": struck}))


@blueprint.get("/api/elections/<uuid:election_id>/log/beginning")
def beginning(election_id: object) -> Response:
    """Return the first four entries of the log, or as many as there are, one a line: all that a first question needs.

    Raises:
        NotFound: There is no such election, or its log has not begun.
    """
    key = str(election_id)
    with current_services().database.reading() as session:
        get_election(session, key)
        count = min(FIRST_ENTRIES, log_size(session, key))
        if count == 0:
            raise NotFound("The election's log has not begun: it begins when the election is frozen.")
        data = b"".join(entry_data(session, key, index) + b"\n" for index in range(count))
    response = Response(data, mimetype="application/jsonl")
    response.headers["Cache-Control"] = "no-cache"
    return compressed(open_data(response), f"beginning-{key}-{count}")


@blueprint.get("/elections/<uuid:election_id>/qr/<string(length=43):tracker>.svg")
def qr(election_id: object, tracker: str) -> Response:
    """Draw a QR code that leads to the page that checks this tracker, on another device.

    The tracker stands behind the "#", which a browser does not send: by the link, the server cannot see who looks
    for which ballot.

    Raises:
        NotFound: This is no tracker.
    """
    try:
        decode_bytes(tracker, 32)
    except EncodingError:
        raise NotFound("This is no tracker, so there is no QR code for it.") from None
    drawing = io.BytesIO()
    check = f"{current_services().settings.base_url}/elections/{election_id}/verify"
    code = segno.make_qr(f"{check}#{tracker}", error="m")
    # Black on white on every ground, with the quiet zone that scanners need.
    code.save(drawing, kind="svg", scale=4, border=4, dark="#000", light="#fff", xmldecl=False)
    response = Response(drawing.getvalue(), mimetype="image/svg+xml")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _standing(summary: ElectionSummary) -> dict[str, str]:
    """Return how an election stands now, by the server's clock."""
    now = current_services().now()
    return {
        "phase": phase_of(summary.state, summary.opens_at, summary.closes_at, now).value,
        "opens_at": encode_time(summary.opens_at),
        "closes_at": encode_time(summary.closes_at),
        "now": encode_time(now.replace(microsecond=0)),
    }


def _places(election: str) -> dict[str, str]:
    """Return the addresses that the booth uses; all are of this site, and pages are in the booth's language."""
    anyhow, base = f"/elections/{election}", current_services().settings.base_url
    pages = f"{request.script_root}{anyhow}"
    return {
        "api": f"/api{anyhow}",
        "record": f"{anyhow}/record/",
        "files": f"{anyhow}/",
        "election": pages,
        "login": f"{pages}/login",
        "board": f"{pages}/board",
        "verify": f"{pages}/verify",
        "help": f"{pages}/help",
        "explained": f"{request.script_root}/how-it-works/",
        "qr": f"{anyhow}/qr/",
        "check": f"{base}{anyhow}/verify",
        "short": f"{base.removeprefix('https://')}/check",
    }
