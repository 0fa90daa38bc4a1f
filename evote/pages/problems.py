"""Error pages: what happened, and what to do next. Never what the program looked like inside."""

from dataclasses import dataclass

from flask import Flask, Response, make_response, render_template, request
from flask_babel import gettext
from werkzeug.exceptions import HTTPException

from ballots.errors import BallotsError
from evote.api.errors import as_json, wants_json
from evote.errors import EvoteError, NotOpen
from evote.languages import said
from participation.errors import ParticipationError


@dataclass(frozen=True)
class Problem:
    """One error page.

    Attributes:
        detail: A sentence of the program's own errors, or empty.
        election: The id of the election that it happened in, to which the page leads, or empty.
        mistake: Somebody's, or the program's; else it is no error to be numbered.
    """

    status: int
    title: str
    what_to_do: str
    detail: str = ""
    election: str = ""
    mistake: bool = True


def register(app: Flask) -> None:
    """Answer every error: people get a page, programs get JSON."""
    for kind in (EvoteError, ParticipationError, BallotsError, HTTPException):
        app.register_error_handler(kind, answer)


def answer(error: Exception) -> Response:
    """Answer an error that this project raises on purpose, or that the framework does."""
    if wants_json() and not request.path.endswith("/record/"):
        return as_json(error)
    if isinstance(error, ParticipationError):
        return problem_page(error.status, said(error), _participation_words(error.status))
    if isinstance(error, NotOpen):  # nobody's mistake: a voter came too early or too late
        return problem_page(error.status, words=(gettext("No ballots are taken now"), said(error)), mistake=False)
    if isinstance(error, EvoteError):
        return problem_page(error.status, said(error))
    if isinstance(error, HTTPException):
        response = problem_page(error.code or 500)
        for name, value in error.get_headers():
            if name in ("Retry-After", "Allow", "Location"):
                response.headers[name] = value
        return response
    return problem_page(422, said(error))


def problem_page(
    status: int, detail: str = "", words: tuple[str, str] | None = None, *, mistake: bool = True
) -> Response:
    """Render the page of an error.

    Args:
        status: The HTTP status of the answer.
        detail: A sentence for people, of this project's own errors only.
        words: Title and what to do, where those of the status do not fit.
        mistake: Whether to number it as an error.
    """
    title, what_to_do = words or _words(status)
    # Where the election itself is missing, nothing leads there.
    election = "" if status == 404 else str((request.view_args or {}).get("election_id", ""))
    problem = Problem(status, title, what_to_do, detail, election, mistake)
    return make_response(render_template("pages/error.html", problem=problem), status)


def _words(status: int) -> tuple[str, str]:
    again = gettext("Go back, reload the page and try again.")
    words = {
        400: (gettext("That did not arrive whole"), again),
        401: (gettext("You are not logged in"), gettext("Open the page of the election and choose “Vote now”.")),
        403: (
            gettext("You may not do that"),
            gettext("If you were logged in, the login may have ended. Log in again."),
        ),
        404: (
            gettext("There is nothing here"),
            gettext("Check the address in your letter or mail, or look for the election in the list."),
        ),
        405: (gettext("That cannot be done here"), again),
        409: (
            gettext("That does not fit the election's present state"),
            gettext("Open the page of the election: it says where things stand."),
        ),
        413: (gettext("That is too large"), gettext("What was sent is larger than anything that is accepted here.")),
        422: (gettext("That could not be understood"), again),
        429: (
            gettext("Too many tries"),
            gettext("Wait a minute and try again. This limit keeps others from guessing codes."),
        ),
        500: (
            gettext("Something went wrong on our side"),
            gettext("It has been noted. A ballot that was accepted is not lost: look for its tracker on the board."),
        ),
        503: (
            gettext("The site is busy or being worked on"),
            gettext("Try again in a minute. A ballot that was accepted is not lost."),
        ),
        507: (
            gettext("The server has no room left"),
            gettext(
                "Nothing was stored and nothing is lost. Try again later, or tell the people who run the election."
            ),
        ),
    }
    return words.get(status, words[500 if status >= 500 else 400])


def _participation_words(status: int) -> tuple[str, str] | None:
    """Return what the page of an error of petitions and consultations says; nothing where the usual words fit."""
    words = {
        404: (gettext("There is nothing here"), gettext("Check the address, or look for it in the list.")),
        409: (
            gettext("That does not fit the present state"),
            gettext("Go back and reload the page: it says where things stand."),
        ),
        410: (gettext("This link no longer works"), gettext("Ask for a new one on the page where you began.")),
    }
    return words.get(status)
