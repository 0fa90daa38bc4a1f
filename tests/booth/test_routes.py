import gzip
import io
import json
import re
from collections.abc import Iterator
from typing import Any

import brotli
import pytest
import segno

from ballots.codec import encode_time
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
    places.pop("files")  # of candidates; this election has none
    for name, path in places.items():
        rest = {"record": "manifest.json", "qr": f"{TRACKER}.svg", "explained": "audit"}.get(name, "")
        path = "/" + path.removeprefix("https://").removeprefix("vote.example").lstrip("/")
        assert client.get(path + rest, follow_redirects=True).status_code == 200, name


def test_the_beginning_is_what_the_log_begins_with(stage: Stage) -> None:
    client = stage.app.test_client()
    log = stage.record("log/00000.jsonl").data.splitlines(keepends=True)
    answer = client.get(stage.path("log/beginning"))
    assert answer.data == b"".join(log[:4])
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    packed = client.get(stage.path("log/beginning"), headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.data) == answer.data
    again = {"If-None-Match": packed.headers["ETag"], "Accept-Encoding": "gzip"}
    assert client.get(stage.path("log/beginning"), headers=again).status_code == 304


def test_the_key_is_compressed_for_whoever_can_read_that(stage: Stage) -> None:
    client, address = stage.app.test_client(), f"/elections/{stage.id}/record/key.json"
    whole = client.get(address)
    assert "Content-Encoding" not in whole.headers
    for encoding, unpack in (("gzip", gzip.decompress), ("br", brotli.decompress)):
        packed = client.get(address, headers={"Accept-Encoding": encoding})
        assert packed.headers["Content-Encoding"] == encoding
        assert len(packed.data) < 0.85 * len(whole.data)
        assert unpack(packed.data) == whole.data
        assert packed.headers["ETag"] != whole.headers["ETag"]
    part = client.get(address, headers={"Accept-Encoding": "br", "Range": "bytes=5-9"})
    assert (part.status_code, part.data) == (206, whole.data[5:10])


def test_the_standing_tells_the_servers_time(stage: Stage) -> None:
    standing = stage.app.test_client().get(stage.path("standing")).get_json()
    assert standing["phase"] == "open"
    assert standing["now"] == encode_time(stage.clock.now)
    assert standing["closes_at"] == stage.election.manifest.closes_at


def test_withdrawn_keys_are_listed_whoever_asks(stage: Stage) -> None:
    assert stage.app.test_client().get(stage.path("withdrawn")).get_json() == {"replaced": [], "struck": []}


@pytest.mark.parametrize("place", ["log/beginning", "standing", "withdrawn"])
def test_an_unknown_election_has_none_of_it(stage: Stage, place: str) -> None:
    unknown = "00000000-0000-4000-8000-00000000abcd"
    assert stage.app.test_client().get(f"/api/elections/{unknown}/{place}").status_code == 404


def test_booth_of_an_unknown_election_is_missing(stage: Stage) -> None:
    unknown = "00000000-0000-4000-8000-00000000abcd"
    assert stage.app.test_client().get(f"/elections/{unknown}/vote").status_code == 404


def test_qr_code_leads_to_the_check_with_the_whole_tracker_where_no_server_sees_it(stage: Stage) -> None:
    answer = stage.app.test_client().get(f"/elections/{stage.id}/qr/{TRACKER}.svg")
    assert answer.mimetype == "image/svg+xml"
    expected = io.BytesIO()
    code = segno.make_qr(f"https://vote.example/elections/{stage.id}/verify#{TRACKER}", error="m")
    code.save(expected, kind="svg", scale=4, border=4, dark="#000", light="#fff", xmldecl=False)
    assert answer.data == expected.getvalue()


@pytest.mark.parametrize("text", ["A" * 43 + "A", "A" * 42, "A" * 42 + "B", "A" * 42 + "=", "<" * 43, ".." + "A" * 41])
def test_what_is_no_tracker_has_no_qr_code(stage: Stage, text: str) -> None:
    assert stage.app.test_client().get(f"/elections/{stage.id}/qr/{text}.svg").status_code == 404
