"""The language in the address: kept by every link, and none where programs read."""

import json
import re
from pathlib import Path

import pytest

from evote.languages import address, catalogue
from tests.pages.conftest import Gallery

GERMAN = """
msgid ""
msgstr "Language: de\\nPlural-Forms: nplurals=2; plural=(n != 1);\\nContent-Type: text/plain; charset=utf-8\\n"

msgid "How it works"
msgstr "So geht es"

msgid "Sign in"
msgstr "Anmelden"

msgid "Continue"
msgstr "Weiter"

#, fuzzy
msgid "Elections"
msgstr "Ungefähr"
"""


def links(page: str) -> set[str]:
    found = re.findall(r'<a [^>]*?href="(/[^"]*)"|<form [^>]*?action="(/[^"]*)"', page)
    return {one or other for one, other in found}


@pytest.mark.parametrize("rest", ["", "/board", "/board/4", "/record/", "/login"])
def test_links_stay_in_the_language(gallery: Gallery, rest: str) -> None:
    page = gallery.get("/en" + gallery.path("open", rest))
    assert '<html lang="en" dir="ltr"' in page
    others = {f"/{code}" for code in catalogue.spoken_languages()} - {"/en"}
    inside = {
        link
        for link in links(page)
        if not link.startswith((*others, "/api/")) and not re.search(r"/media/|\.json$", link)
    }
    assert inside
    assert all(link.startswith("/en/") for link in inside), inside


def test_addresses_without_a_language_still_work_and_follow_the_browser(gallery: Gallery) -> None:
    assert '<html lang="en"' in gallery.get(gallery.path("open"))
    assert '<html lang="en"' in gallery.get("/en")
    assert '<html lang="en"' in gallery.get("/en/")
    answer = gallery.client().get("/", headers={"Accept-Language": "xx, en;q=0.5"})
    assert '<html lang="en"' in answer.get_data(as_text=True)


def test_redirects_keep_the_language(gallery: Gallery) -> None:
    client = gallery.client()
    answer = client.get("/en" + gallery.path("open", "/login/code"))
    assert answer.status_code == 303
    assert answer.location == "/en" + gallery.path("open", "/login")
    assert client.get("/en" + gallery.path("open", "/record")).location.endswith(
        "/en" + gallery.path("open", "/record/")
    )


def test_programs_have_one_address(gallery: Gallery) -> None:
    client = gallery.client()
    assert client.get("/api/elections").status_code == 200
    assert client.get("/en/api/elections").status_code == 404
    page = gallery.get("/en" + gallery.path("open", "/vote"))
    found = re.search(r'id="booth-places">(.*?)</script>', page)
    assert found
    places = json.loads(found[1])
    plain = gallery.path("open")
    assert (places["api"], places["record"], places["qr"]) == (f"/api{plain}", f"{plain}/record/", f"{plain}/qr/")
    assert places["board"] == f"/en{plain}/board"
    assert set(re.findall(r'"(/[^"]*static/)', page)) == {"/static/"}


def test_links_to_the_api_have_no_language(gallery: Gallery) -> None:
    for root in ("", "/en", "/fa"):
        with gallery.client() as client:
            client.get(f"{root}/")
            assert gallery.app.url_for("api.elections.index") == "/api/elections"
            assert gallery.app.url_for("pages.home") == f"{root}/"


def test_a_record_is_found_below_the_address_that_people_copy(gallery: Gallery) -> None:
    path = gallery.path("open", "/record/manifest.json")
    assert gallery.client().get(f"/en{path}").data == gallery.client().get(path).data


def test_an_unknown_language_is_an_unknown_address(gallery: Gallery) -> None:
    assert gallery.client().get("/xx/").status_code == 404
    assert gallery.client().get("/english").status_code == 404


def test_a_language_is_added_by_dropping_in_a_catalogue(
    gallery: Gallery, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "de" / "LC_MESSAGES" / "messages.po"
    file.parent.mkdir(parents=True)
    file.write_text(GERMAN, encoding="utf-8")
    (tmp_path / "README.md").write_text("no language")
    spoken = catalogue.spoken_languages(tmp_path)
    assert spoken == ("en", "de")
    read = catalogue.read_catalogue("de", tmp_path)
    monkeypatch.setattr(address, "spoken_languages", lambda: spoken)
    monkeypatch.setattr(catalogue, "read_catalogue", lambda _: read)
    page = gallery.get("/de/how-it-works")
    assert '<html lang="de" dir="ltr"' in page
    assert "<h1>So geht es</h1>" in page
    assert ">Elections</a>" in page, "a fuzzy sentence stays English"
    assert '<link rel="alternate" hreflang="en" href="https://vote.example/en/how-it-works">' in page
    assert '<a href="/en/how-it-works" lang="en" hreflang="en" dir="ltr">English</a>' in page
    office = gallery.get("/de/admin/sign-in")
    assert '<html lang="de" dir="ltr"' in office
    assert "Anmelden</button>" in office
    booth = gallery.get("/de" + gallery.path("open", "/vote"))
    assert '"Weiter"' in booth
    assert "8. März 2026" in gallery.get("/de" + gallery.path("open")) or "08.03.2026" in gallery.get(
        "/de" + gallery.path("open")
    )
    answer = gallery.client().get("/", headers={"Accept-Language": "de-AT"})
    assert '<html lang="de"' in answer.get_data(as_text=True)
