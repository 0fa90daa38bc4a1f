import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import segno

from evote.current import EXTENSION
from tests.support.gallery import gallery_settings
from tests.support.server import Stage, make_stage

TRACKER = "A" * 42 + "E"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    stage = make_stage(gallery_settings(tmp_path_factory.mktemp("booth")))
    yield stage
    stage.app.extensions[EXTENSION].database.close()


def block(page: str, name: str) -> dict[str, Any]:
    found = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', page, re.DOTALL)
    assert found
    parsed: dict[str, Any] = json.loads(found[1])
    return parsed


def test_booth_page_carries_words_and_places_and_no_script_of_its_own(stage: Stage) -> None:
    answer = stage.app.test_client().get(f"/elections/{stage.id}/vote")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "You have not voted yet." in page
    words, places = block(page, "booth-words"), block(page, "booth-places")
    assert len(words) > 100
    assert all(isinstance(word, str) and word for word in words.values())
    assert places["api"] == f"/api/elections/{stage.id}"
    scripts = re.findall(r"<script(.*?)>(.*?)</script>", page, re.DOTALL)
    assert [body for attributes, body in scripts if "application/json" not in attributes] == [""]
    assert not re.search(r"\s(on[a-z]+|style)=", page)
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert answer.headers["Cache-Control"] == "no-store"


def test_every_address_of_the_booth_answers(stage: Stage) -> None:
    client = stage.app.test_client()
    places = block(client.get(f"/elections/{stage.id}/vote").get_data(as_text=True), "booth-places")
    for name, path in places.items():
        rest = {"record": "manifest.json", "qr": f"{TRACKER}.svg"}.get(name, "")
        assert client.get(path + rest).status_code == 200, name


def test_booth_of_an_unknown_election_is_missing(stage: Stage) -> None:
    unknown = "00000000-0000-4000-8000-00000000abcd"
    assert stage.app.test_client().get(f"/elections/{unknown}/vote").status_code == 404


def test_qr_code_holds_the_whole_tracker(stage: Stage) -> None:
    answer = stage.app.test_client().get(f"/elections/{stage.id}/qr/{TRACKER}.svg")
    assert answer.mimetype == "image/svg+xml"
    expected = io.BytesIO()
    code = segno.make_qr(f"https://vote.example/elections/{stage.id}/board?q={TRACKER}", error="m")
    code.save(expected, kind="svg", scale=4, border=4, dark="#000", light="#fff", xmldecl=False)
    assert answer.data == expected.getvalue()


@pytest.mark.parametrize("text", ["A" * 43 + "A", "A" * 42, "A" * 42 + "B", "A" * 42 + "=", "<" * 43, ".." + "A" * 41])
def test_what_is_no_tracker_has_no_qr_code(stage: Stage, text: str) -> None:
    assert stage.app.test_client().get(f"/elections/{stage.id}/qr/{text}.svg").status_code == 404
