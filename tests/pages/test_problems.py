"""Every error is a page that says what to do next, and shows nothing of the inside."""

import pytest
from flask import abort

from evote.app import create_app
from evote.current import EXTENSION
from evote.errors import Conflict, StorageFull
from evote.pages.problems import problem_page
from tests.pages.conftest import Gallery


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503, 507])
def test_each_status_has_words_of_its_own(gallery: Gallery, status: int) -> None:
    with gallery.app.test_request_context("/"):
        answer = problem_page(status)
    assert answer.status_code == status
    assert f"Error {status}" in answer.get_data(as_text=True)


def test_an_unusual_status_gets_general_words(gallery: Gallery) -> None:
    with gallery.app.test_request_context("/"):
        assert "did not arrive whole" in problem_page(418).get_data(as_text=True)
        assert "wrong on our side" in problem_page(599).get_data(as_text=True)


def test_an_unknown_address_is_explained(gallery: Gallery) -> None:
    assert "There is nothing here" in gallery.get("/nowhere", 404)
    assert "There is no such election." in gallery.get("/elections/00000000-0000-4000-8000-000000000000", 404)


def test_programs_get_json_instead(gallery: Gallery) -> None:
    answer = gallery.client().get("/api/nowhere")
    assert (answer.status_code, answer.mimetype) == (404, "application/json")
    assert gallery.client().get(gallery.path("open", "/record/nowhere")).mimetype == "application/json"


def test_an_unforeseen_error_shows_nothing_of_the_inside(gallery: Gallery) -> None:
    services = gallery.app.extensions[EXTENSION]
    app = create_app(services.settings, services)

    def fail(what: str) -> str:
        if what == "conflict":
            raise Conflict("The board is being closed.")
        if what == "full":
            raise StorageFull("The disk is full.")
        if what == "gone":
            abort(410, "a secret detail")
        raise RuntimeError("a secret detail")

    app.add_url_rule("/fail/<what>", view_func=fail)
    for what, status, says in (
        ("conflict", 409, "The board is being closed."),
        ("full", 507, "Nothing was stored"),
        ("gone", 410, "did not arrive whole"),
        ("other", 500, "wrong on our side"),
    ):
        answer = app.test_client().get(f"/fail/{what}")
        page = answer.get_data(as_text=True)
        assert answer.status_code == status
        assert says in page
        assert "secret detail" not in page


def test_a_form_that_is_far_too_long_is_refused(gallery: Gallery) -> None:
    answer = gallery.client().post(gallery.path("open", "/login"), data={"voter_id": "x" * 400_000})
    assert answer.status_code == 413
    assert "That is too large" in answer.get_data(as_text=True)


def test_the_outbox_is_there_only_in_a_demonstration(gallery: Gallery) -> None:
    assert "Demo mail" in gallery.get("/outbox")
