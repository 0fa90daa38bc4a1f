"""The public pages read the same from PostgreSQL."""

from dataclasses import replace
from pathlib import Path

import pytest

from evote.current import EXTENSION
from tests.support.gallery import gallery_settings, make_gallery

PLACES = ("", "/board", "/board?start=0", "/board?q=0", "/board/0", "/record/", "/result")


@pytest.mark.postgresql
def test_every_page_is_answered(postgres_url: str, tmp_path: Path) -> None:
    settings = replace(gallery_settings(tmp_path), database_url=postgres_url)
    app, ids = make_gallery(settings)
    client = app.test_client()
    addresses = ["/", *(f"/elections/{ids[state]}{place}" for state in ("open", "tallied") for place in PLACES)]
    answers = {address: client.get(address).status_code for address in addresses}
    app.extensions[EXTENSION].database.close()
    assert set(answers.values()) == {200}, answers
