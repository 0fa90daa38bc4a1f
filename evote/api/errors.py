"""Errors as programs and people get them: JSON below /api and in records, a page elsewhere."""

from apiflask import APIFlask, HTTPError
from flask import Response, jsonify, request
from flask_babel import gettext
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from evote.errors import EvoteError
from evote.languages import said
from participation.errors import ParticipationError

_CODES = {400: "bad_request", 404: "not_found", 405: "method", 413: "too_large", 416: "range", 429: "too_often"}


def wants_json() -> bool:
    """Tell whether the present request is a program's."""
    return request.path.startswith("/api/") or request.path.endswith(".json") or "/record/" in request.path


def problem(status: int, code: str, message: str) -> Response:
    """Return an error as JSON."""
    response = jsonify({"error": code, "message": message})
    response.status_code = status
    if "/record/" in request.path or request.method == "GET":
        response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def init_errors(app: APIFlask) -> None:
    """Answer requests that do not have their shape; `evote.pages.problems` answers all other errors."""
    app.register_error_handler(ValidationError, _invalid)
    app.error_processor(_processed)


def as_json(error: Exception) -> Response:
    """Render any error this application raises on purpose, or Werkzeug does, as JSON."""
    if isinstance(error, EvoteError | ParticipationError):
        return problem(error.status, error.code, said(error))
    if isinstance(error, HTTPException):
        status = error.code or 500
        response = problem(status, _CODES.get(status, "error"), _sentence(status))
        retry = error.get_response().headers.get("Retry-After")
        if retry:
            response.headers["Retry-After"] = retry
        return response
    return problem(422, "malformed", said(error))


def _sentence(status: int) -> str:
    sentences = {
        400: gettext("The request did not arrive whole, or not from this site's own pages."),
        404: gettext("There is nothing at this address."),
        405: gettext("This address does not take this method."),
        413: gettext("What was sent is larger than anything that is accepted here."),
        416: gettext("The file does not have this range."),
        429: gettext("Too many requests. Wait a minute and try again."),
    }
    return sentences.get(status, gettext("Something went wrong."))


def _invalid(error: ValidationError) -> Response:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    return _field_problem(".".join(str(part) for part in first["loc"]))


def _processed(error: HTTPError) -> Response:
    fields = (error.detail or {}).get("json") if isinstance(error.detail, dict) else None
    if isinstance(fields, dict) and fields:
        return _field_problem(str(next(iter(fields))))
    return problem(error.status_code, _CODES.get(error.status_code, "malformed"), _sentence(error.status_code))


def _field_problem(name: str) -> Response:
    sentence = gettext(
        "The field %(name)s is not acceptable: it is missing, unknown, or not of its form. "
        "What is expected stands in /api/openapi.json.",
        name=name or "-",
    )
    return problem(422, "malformed", sentence)
