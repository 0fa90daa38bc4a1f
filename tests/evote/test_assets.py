"""Static files: small, kept for a year under an address that changes with them."""

import gzip
import re
from pathlib import Path

import brotli

from evote.app import ROOT
from evote.assets import Assets
from tests.support.server import Stage


def test_pages_name_versions_that_may_be_kept(stage: Stage) -> None:
    client = stage.app.test_client()
    page = client.get("/").get_data(as_text=True)
    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert len(addresses) >= 4
    for address in addresses:
        assert re.match(r"/static/[0-9a-f]{16}/", address)
        answer = client.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]


def test_files_are_compressed_for_those_who_can_read_it(stage: Stage) -> None:
    client = stage.app.test_client()
    plain = client.get("/static/css/site.css")
    packed = client.get("/static/css/site.css", headers={"Accept-Encoding": "gzip"})
    best = client.get("/static/css/site.css", headers={"Accept-Encoding": "gzip, br"})
    assert best.headers["Content-Encoding"] == "br"
    assert len(best.data) < len(packed.data) < len(plain.data)
    assert plain.data == gzip.decompress(packed.data) == brotli.decompress(best.data)
    assert plain.data == (ROOT / "static" / "css" / "site.css").read_bytes()
    assert (plain.headers.get("Content-Encoding"), packed.headers["Content-Encoding"]) == (None, "gzip")
    assert plain.headers["Cache-Control"] == "no-cache"
    assert plain.headers["ETag"] != packed.headers["ETag"]
    assert client.get("/static/css/site.css", headers={"If-None-Match": plain.headers["ETag"]}).status_code == 304


def test_scripts_and_fonts_say_what_they_are(stage: Stage) -> None:
    client = stage.app.test_client()
    assert client.get("/static/js/booth/main.js").mimetype == "text/javascript"
    assert client.get("/static/vendor/vazirmatn/vazirmatn-arabic-wght-normal.woff2").mimetype == "font/woff2"


def test_nothing_outside_the_folder_and_no_other_version(stage: Stage) -> None:
    client = stage.app.test_client()
    for name in ("../README.md", "%2e%2e/README.md", "nothing.css", "0123456789abcdef/css/site.css", "css", ""):
        assert client.get(f"/static/{name}").status_code == 404, name


def test_any_change_gives_another_version(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a")
    first = Assets(tmp_path).version
    (tmp_path / "b.css").write_text("")
    second = Assets(tmp_path).version
    (tmp_path / "a.css").write_text("b")
    assert len({first, second, Assets(tmp_path).version}) == 3


def test_pages_are_compressed_unless_they_hold_a_forms_secret(stage: Stage) -> None:
    client, packs = stage.app.test_client(), {"Accept-Encoding": "gzip"}
    for path, packed in (("/how-it-works", True), (f"/elections/{stage.id}/vote", True), ("/nowhere", True)):
        answer = client.get(path, headers=packs)
        assert (answer.headers.get("Content-Encoding") == "gzip") == packed, path
        assert gzip.decompress(answer.data).startswith(b"<!doctype html>")
        assert "Accept-Encoding" in answer.headers["Vary"]
    login = client.get(f"/elections/{stage.id}/login", headers=packs)
    assert "Content-Encoding" not in login.headers
    assert b"csrf_token" in login.data
    assert "Content-Encoding" not in client.get("/how-it-works").headers


def test_parts_of_a_page_carry_no_policy_and_workers_and_pictures_do(stage: Stage) -> None:
    client = stage.app.test_client()
    for name, guarded in (
        ("css/site.css", False),
        ("js/booth/main.js", False),
        ("js/booth/worker.js", True),
        ("css/mark.svg", True),
    ):
        headers = client.get(f"/static/{name}").headers
        assert ("Content-Security-Policy" in headers) == guarded, name
        assert headers["X-Content-Type-Options"] == "nosniff"
