"""The page that checks in the browser: what the server hands out, and that no sentence is missing or idle."""

import json
import re

from evote.app import ROOT
from evote.pages.verify import LONG_LOG
from evote.pages.verify_words import verify_words
from tests.pages.conftest import Gallery

SCRIPTS = ROOT / "static" / "js" / "verify"


def test_the_page_carries_words_and_places_and_no_script_of_its_own(gallery: Gallery) -> None:
    page = gallery.get(gallery.path("open", "/verify"))
    places = re.search(r'id="verify-places">(.*?)</script>', page)
    assert places is not None
    assert json.loads(places[1])["record"] == gallery.path("open", "/record/")
    assert len(re.findall(r"<script(?! type=\"(?:application/json|module)\")", page)) == 0
    assert 'id="verify-whole"' not in page


def test_every_sentence_is_used_and_every_one_used_is_there(gallery: Gallery) -> None:
    with gallery.app.test_request_context():
        words = verify_words()
    source = "".join(path.read_text(encoding="utf-8") for path in sorted(SCRIPTS.glob("*.js")))
    steps = {*re.findall(r"\.(?:step|begin)\('([a-z]+)'", source), "receipt", "promise", "refusal", "entry", "find"}
    used = set(re.findall(r"(?:say: |say\(|say = |WrongInput\(|\? |: )'([a-z]+(?:-[a-z]+)*)'", source))
    used |= {f"check-{step}" for step in steps}
    used |= {f"summary-{end}" for end in ("pass", "fail", "stopped")}
    used |= {f"{kind}-{end}" for kind in ("receipt", "promise", "refusal") for end in ("pass", "fail")}
    fails = {f"{step}-fail" for step in steps}
    states = {f"state-{one}" for one in ("pass", "fail", "note", "look", "stopped")}
    idle = set(words) - used - fails - states - {"time-utc", "time-zone"}
    assert {key for key in idle if not key.startswith("review-") and key != "list-comma"} == set()
    keyed = {key for key in used if "-" in key or key in ("foreign", "unreachable", "working", "wrong", "detail")}
    missing = keyed - set(words) - {"verify-form"}
    assert {key for key in missing if key.split("-")[0] in {word.split("-")[0] for word in words}} == set()
    never_fail = {"refused-fail"}
    assert fails - set(words) <= never_fail


def test_the_page_and_the_script_agree_on_what_a_long_log_is() -> None:
    found = re.search(r"MOST_READ = ([\d_]+)", (SCRIPTS / "checks.js").read_text(encoding="utf-8"))
    assert found is not None
    assert int(found[1]) == LONG_LOG


def test_a_ballot_s_entry_leads_to_its_check_without_telling_the_server(gallery: Gallery) -> None:
    assert re.search(r'/verify#[0-9A-Z-]{29}"', gallery.get(gallery.path("open", "/board/44")))
    assert "/verify#" not in gallery.get(gallery.path("open", "/board/0"))
