"""The page that checks a receipt and the count in the browser; the server only hands it out.

`/check` is short enough to be typed on another device, and leads to the page of the right election.
"""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from evote.current import current_services
from evote.elections.queries import get_election, list_elections
from evote.pages.blueprint import pages
from evote.pages.filters import localized
from evote.pages.result import record_address
from evote.pages.verify_words import verify_words

LONG_LOG = 20_000
"""Entries; `static/js/verify/checks.js` reads a longer log only when asked to."""
BYTES_AN_ENTRY = 350


@pages.get("/check")
def check() -> ResponseReturnValue:
    """Ask for the election; where there is only one, go there at once."""
    with current_services().database.reading() as session:
        elections = [(one.id, localized(one.title)) for one in list_elections(session)]
    if len(elections) == 1:
        return redirect(url_for("pages.verify", election_id=elections[0][0]), 303)
    return render_template("verify/check.html", elections=elections)


@pages.get("/elections/<uuid:election_id>/verify")
def verify(election_id: object) -> str:
    """Show the page that checks in the browser."""
    key = str(election_id)
    with current_services().database.reading() as session:
        detail = get_election(session, key)
    place = f"/elections/{key}"
    return render_template(
        "verify/verify.html",
        title=localized(detail.manifest.title),
        words=verify_words(),
        places={
            "api": f"/api{place}",
            "record": f"{place}/record/",
            "board": url_for("pages.board", election_id=key),
        },
        long_log_bytes=detail.log_size * BYTES_AN_ENTRY if detail.log_size > LONG_LOG else 0,
        fingerprint=detail.summary.fingerprint,
        record_address=record_address(key),
    )
