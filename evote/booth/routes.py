"""The booth's two addresses: the page itself, and a tracker as a QR code for the printed receipt."""

import io

import segno
from flask import Blueprint, Response, render_template, request

from ballots.codec import decode_bytes
from ballots.errors import EncodingError
from evote.booth.words import booth_words
from evote.current import current_services
from evote.elections.queries import get_election
from evote.errors import NotFound
from evote.pages.filters import localized

blueprint = Blueprint("booth", __name__)


@blueprint.get("/elections/<uuid:election_id>/vote")
def booth(election_id: object) -> str:
    """Hand out the booth: an empty page, the sentences of its language, and where things are."""
    election = str(election_id)
    with current_services().database.reading() as session:
        title = localized(get_election(session, election).manifest.title)
    return render_template("booth/booth.html", title=title, words=booth_words(), places=_places(election))


@blueprint.get("/elections/<uuid:election_id>/qr/<string(length=43):tracker>.svg")
def qr(election_id: object, tracker: str) -> Response:
    """Draw a QR code that leads to a tracker's place on the board; it holds the whole tracker.

    Raises:
        NotFound: This is no tracker.
    """
    try:
        decode_bytes(tracker, 32)
    except EncodingError:
        raise NotFound("This is no tracker, so there is no QR code for it.") from None
    drawing = io.BytesIO()
    board = f"{current_services().settings.base_url}/elections/{election_id}/board"
    code = segno.make_qr(f"{board}?q={tracker}", error="m")
    # Black on white on every ground, with the quiet zone that scanners need.
    code.save(drawing, kind="svg", scale=4, border=4, dark="#000", light="#fff", xmldecl=False)
    response = Response(drawing.getvalue(), mimetype="image/svg+xml")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _places(election: str) -> dict[str, str]:
    """Return the addresses that the booth uses; all are of this site, and pages are in the booth's language."""
    anyhow = f"/elections/{election}"
    pages = f"{request.script_root}{anyhow}"
    return {
        "api": f"/api{anyhow}",
        "record": f"{anyhow}/record/",
        "election": pages,
        "login": f"{pages}/login",
        "board": f"{pages}/board",
        "verify": f"{pages}/verify",
        "qr": f"{anyhow}/qr/",
    }
