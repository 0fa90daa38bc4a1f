"""The page of the record names exactly the files that are served, with their sizes."""

import re

import pytest

from evote.pages.filters import size
from tests.pages.conftest import Gallery


def _files(page: str) -> list[tuple[str, str]]:
    rows = re.findall(r'<a class="code" href="([^"]+)">.*?<td class="number">([^<]+)</td>', page, re.DOTALL)
    return [(address.removeprefix("https://vote.example"), length) for address, length in rows]


@pytest.mark.parametrize("state", ["draft", "frozen", "open", "tallied"])
def test_listed_files_are_served_with_the_listed_size(gallery: Gallery, state: str) -> None:
    files = _files(gallery.get(gallery.path(state, "/record/")))
    assert files
    for address, length in files:
        answer = gallery.client().get(address)
        assert answer.status_code == 200, address
        with gallery.app.test_request_context("/"):
            assert size(len(answer.data)) == length, address


def test_the_result_is_listed_once_there_is_one(gallery: Gallery) -> None:
    assert "tally.json" in gallery.get(gallery.path("tallied", "/record/"))
    assert "tally.json" not in gallery.get(gallery.path("closed", "/record/"))


def test_the_commands_fit_the_state(gallery: Gallery) -> None:
    assert "--until close" in gallery.get(gallery.path("open", "/record/"))
    assert "--until close" not in gallery.get(gallery.path("tallied", "/record/"))
