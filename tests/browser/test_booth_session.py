"""A vote that survives a bad day without a trace of what it says: lost lines, reloads, restarts, wrong clocks."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect
from werkzeug.serving import BaseWSGIServer, make_server

from ballots import codec
from ballots.signatures import SigningKey
from evote.current import EXTENSION
from evote.elections.corrections import replace_credential, strike_voter
from evote.elections.official import annul_election
from tests.support.booth import PATIENCE_MS, Booth
from tests.support.browser import served
from tests.support.elections import MAYOR, OPENS_AT, contest, seeded_key
from tests.support.gallery import gallery_settings
from tests.support.server import OFFICIAL, Stage, make_stage

pytestmark = pytest.mark.browser

SECRETIVE = contest(
    "waterfront",
    "choose",
    ["heron-of-the-river", "otter-of-the-lake"],
    {"name": "plurality", "seats": 1},
    min=1,
    max=1,
)
EVERYTHING_KEPT = """async () => {
  const databases = await indexedDB.databases();
  const caches_ = await caches.keys();
  return JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, databases, caches_, history.state,
    location.href, document.title, name]);
}"""


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stage, str]]:
    settings = replace(gallery_settings(tmp_path_factory.mktemp("session")), base_url="http://vote.example")
    stage = make_stage(settings, SECRETIVE, voters=10)
    with served(stage.app) as address:
        yield stage, address
    stage.app.extensions[EXTENSION].database.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="en", reduced_motion="reduce")
    yield context
    context.close()


def booth_of(short: tuple[Stage, str], context: BrowserContext, number: int) -> Booth:
    return Booth(*short, context, number, answer="Heron-Of-The-River")


def accept(dialog: Dialog) -> None:
    dialog.accept()


def registrars(stage: Stage, tag: str, **fields: str) -> bytes:
    signed = {"election": stage.election.fingerprint_text, **fields}
    return codec.encode_canonical({**fields, "signature": seeded_key("registrar").sign(tag, signed)})


def test_no_storage_address_history_or_request_holds_a_choice_an_opening_or_the_code(
    short: tuple[Stage, str], context: BrowserContext
) -> None:
    booth = booth_of(short, context, 0)
    sent: list[str] = []
    context.on("request", lambda one: sent.append(f"{one.method} {one.url} {one.headers} {one.post_data or ''}"))
    page = booth.enter()
    page.on("dialog", accept)
    kept: list[str] = []

    def look() -> None:
        kept.append(page.evaluate(EVERYTHING_KEPT))

    look()
    booth.encrypt(page)
    look()
    page.locator("#booth-audit").click()
    with page.expect_download() as saved:
        page.locator("#booth-audit-save").click()
    audit: dict[str, Any] = json.loads(saved.value.path().read_text())
    look()
    page.locator("#booth-encrypt-again").click()
    page.locator("#booth-encrypt").click()
    expect(page.locator("#booth-sign")).to_be_visible(timeout=PATIENCE_MS)
    page.route("**/ballots/*", lambda route: route.abort())
    page.locator("#code").fill(booth.code)
    look()
    page.locator("#booth-sign").click()
    expect(page.locator(".booth-stage")).to_contain_text("Trying again")
    look()
    page.reload()
    expect(page.locator(".booth-stage")).to_contain_text("Trying again", timeout=PATIENCE_MS)
    look()
    page.unroute("**/ballots/*")
    booth.receive(page)
    look()
    (own,) = (json.loads(one)[1] for one in kept[-1:])
    (held,) = own.values()
    assert set(json.loads(held)) == {"cast", "ballot", "promise", "receipt"}
    assert json.loads(held)["ballot"] is None
    sending = [json.loads(json.loads(one)[1].popitem()[1])["ballot"] for one in kept[4:6]]
    assert all(set(one) == {"version", "election", "voter", "previous", "contests"} for one in sending)
    assert all(set(one["contests"][0]) == {"id", "cells", "proofs"} for one in sending)
    bare = booth.code.replace("-", "")
    secrets = [*audit["openings"][0]["values"], *audit["openings"][0]["randomness"], "heron-of-the-river", "otter"]
    secrets += [bare, bare[:20], booth.code, booth.code.replace("-", " ")]
    everything = "\n".join((*kept, *sent)).lower()
    for secret in secrets:
        assert secret.lower() not in everything, secret[:12]
    assert not any("openings" in one or "randomness" in one for one in (*kept, *sent))
    page.locator("#booth-leave").click()
    page.wait_for_url(f"**/elections/{booth.stage.id}")
    assert page.evaluate("sessionStorage.length + localStorage.length") == 0


def test_a_reload_shows_the_receipt_again_and_a_new_visit_a_new_ballot(
    short: tuple[Stage, str], context: BrowserContext
) -> None:
    booth = booth_of(short, context, 1)
    page = booth.enter()
    booth.encrypt(page)
    booth.sign(page)
    booth.receive(page)
    tracker = page.locator("#tracker").inner_text()
    context.clear_cookies()  # not even a login is needed for it
    page.reload()
    expect(page.locator("#tracker")).to_have_text(tracker, timeout=PATIENCE_MS)
    expect(page.locator("#booth-standing")).to_contain_text("Your vote is cast.")
    booth.log_in()
    page.goto(page.url)
    expect(page.locator("#booth-standing")).to_contain_text("Your earlier ballot still counts")
    assert page.evaluate("sessionStorage.length") == 0


def test_somebody_else_at_the_same_tab_sees_nothing_of_the_ballot_before(
    short: tuple[Stage, str], context: BrowserContext
) -> None:
    first, second = booth_of(short, context, 2), booth_of(short, context, 3)
    page = first.enter()
    page.on("dialog", accept)
    first.encrypt(page)
    page.route("**/ballots/*", lambda route: route.abort())
    first.sign(page)
    expect(page.locator(".booth-stage")).to_contain_text("Trying again")
    second.log_in()
    page.reload()
    expect(page.locator("#booth-continue")).to_be_visible(timeout=PATIENCE_MS)
    assert page.evaluate("sessionStorage.length") == 0


def test_without_a_line_the_booth_waits_and_goes_on_by_itself(
    short: tuple[Stage, str], context: BrowserContext
) -> None:
    booth = booth_of(short, context, 4)
    booth.log_in()
    page = context.new_page()
    for part in ("beginning", "key.json"):
        page.route(f"**/{part}", lambda route: route.abort(), times=1)
    page.goto(f"{booth.address}/elections/{booth.stage.id}/vote")
    expect(page.locator("#booth-line")).to_contain_text("tries again by itself")
    expect(page.locator("#booth-continue")).to_be_visible(timeout=PATIENCE_MS)
    booth.encrypt(page)
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    context.set_offline(True)
    booth.sign(page)
    expect(page.locator(".booth-stage")).to_contain_text("This device has no connection just now.")
    expect(page.locator("#booth-standing")).to_contain_text("not confirmed")
    before = len(booth.stage.log())
    context.set_offline(False)
    booth.receive(page)
    assert len(booth.stage.log()) == before + 1


def test_a_server_that_restarts_takes_the_ballot_once(short: tuple[Stage, str], context: BrowserContext) -> None:
    stage = short[0]
    server = started(stage, 0)
    port = server.port
    booth = Booth(stage, f"http://127.0.0.1:{port}", context, 5, answer="Heron-Of-The-River")
    page = booth.enter()
    booth.encrypt(page)
    booth.sign(page)
    expect(page.locator(".booth-stage")).to_contain_text("stored", timeout=PATIENCE_MS)
    stop(server)
    expect(page.locator(".booth-stage")).to_contain_text("did not answer", timeout=PATIENCE_MS)
    before = len(stage.log())
    server = started(stage, port)
    stage.sequence()
    expect(page.locator("#booth-save-receipt")).to_be_visible(timeout=PATIENCE_MS)
    assert len(stage.log()) == before + 1
    page.close()
    stop(server)


def started(stage: Stage, port: int) -> BaseWSGIServer:
    server = make_server("127.0.0.1", port, stage.app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def stop(server: BaseWSGIServer) -> None:
    server.shutdown()
    server.server_close()


def test_a_login_that_ended_goes_on_by_itself_after_a_login_in_another_tab(
    short: tuple[Stage, str], context: BrowserContext
) -> None:
    booth, other = booth_of(short, context, 6), booth_of(short, context, 7)
    page = booth.enter()
    booth.encrypt(page)
    context.clear_cookies()
    booth.sign(page)
    expect(page.locator("#booth-try-again")).to_be_visible()
    expect(page.locator("#booth-standing")).to_contain_text("You have not voted yet.")
    other.log_in()
    expect(page.locator("#booth")).to_contain_text("Somebody else is logged in now.", timeout=PATIENCE_MS)
    booth.log_in()
    booth.receive(page)


def test_replaced_and_struck_codes_are_told_apart_in_the_booth(
    short: tuple[Stage, str], context: BrowserContext
) -> None:
    stage = short[0]
    booth = booth_of(short, context, 8)
    page = booth.enter()
    booth.encrypt(page)
    old, new = stage.voters[8].key, SigningKey.from_seed(bytes(31) + b"\x08")
    replace_credential(stage.services, stage.id, registrars(stage, "replace", old=old.public, new=new.public))
    booth.sign(page)
    expect(page.locator("#booth-title")).to_have_text("Your code was replaced")
    expect(page.locator("#booth-standing")).to_contain_text("You have not voted yet.")
    again = booth.open()
    booth.encrypt(again)
    booth.sign(again)
    expect(again.get_by_role("alert")).to_contain_text("This code was replaced by a newer one")
    strike_voter(stage.services, stage.id, registrars(stage, "strike", voter=new.public))
    struck = context.new_page()
    struck.goto(again.url)
    expect(struck.locator("#booth-title")).to_have_text("You vote on paper", timeout=PATIENCE_MS)
    again.locator("#code").fill(stage.voters[9].code)
    again.locator("#booth-sign").click()
    expect(again.get_by_role("alert")).to_contain_text("not yours for this election")


def test_time_is_the_servers_and_its_end_is_told(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = replace(gallery_settings(tmp_path_factory.mktemp("time")), base_url="http://vote.example")
    stage = make_stage(replace(settings, time_zone="Asia/Tehran"), MAYOR, voters=2)
    closes_at = codec.parse_time(stage.election.manifest.closes_at)
    stage.clock.now = closes_at - timedelta(minutes=62)
    context = browser.new_context(timezone_id="America/Bogota", locale="en")
    with served(stage.app) as address:
        page = context.new_page()
        page.clock.install(time=OPENS_AT - timedelta(days=400))  # a device whose clock is far off
        booth = Booth(stage, address, context, 0)
        booth.log_in()
        page.goto(f"{address}/elections/{stage.id}/vote")
        clock, voice = page.locator("#booth-clock"), page.locator("#booth-voice")
        expect(clock).to_have_text("Voting ends in 1 hr, 1 min.".replace("hr", "hour").replace("min", "minute"))
        page.locator("summary").first.click()
        expect(page.locator("#booth")).to_contain_text("(Iran Standard Time)")
        expect(page.locator(".booth-here")).to_contain_text("Colombia Standard Time")
        expect(voice).to_be_empty()
        page.clock.run_for(121_000)
        expect(voice).to_have_text("Voting ends in 59 minutes.")
        page.get_by_label("Ben").check()
        page.locator("#booth-continue").click()
        stage.clock.now = closes_at + timedelta(seconds=5)
        page.clock.fast_forward("02:00:00")
        expect(page.locator("#booth-title")).to_have_text("Voting has ended")
        expect(page.locator("#booth-standing")).to_contain_text("You have not voted on this page.")
        expect(page.locator("#booth-title")).to_be_focused()
        stage.clock.now = closes_at - timedelta(minutes=5)  # as if it had been extended
        page.locator("#booth-look-again").click()
        expect(page.locator("#booth-title")).to_have_text("Check your answers")
        expect(page.locator("#booth")).to_contain_text("Ben")
        late(booth, page)
    context.close()
    stage.app.extensions[EXTENSION].database.close()


def test_an_election_that_is_annulled_meanwhile_is_told(
    context: BrowserContext, tmp_path_factory: pytest.TempPathFactory
) -> None:
    settings = replace(gallery_settings(tmp_path_factory.mktemp("annulled")), base_url="http://vote.example")
    stage = make_stage(settings, MAYOR, voters=1)
    with served(stage.app) as address:
        booth = Booth(stage, address, context, 0)
        page = booth.enter()
        booth.encrypt(page)
        annul_election(stage.services, stage.id, OFFICIAL, "The ballot names a candidate who stood down.")
        booth.sign(page)
        expect(page.locator("#booth-title")).to_have_text("This election was annulled")
        expect(page.locator("#booth-standing")).to_contain_text("No ballot counts.")
        expect(page.locator("#booth-standing")).not_to_contain_text("ended")
    stage.services.database.close()


def late(booth: Booth, page: Page) -> None:
    """The server's clock has the last word: a ballot that comes too late is not stored, and says so."""
    closes_at = codec.parse_time(booth.stage.election.manifest.closes_at)
    page.locator("#booth-encrypt").click()
    expect(page.locator("#booth-sign")).to_be_visible(timeout=PATIENCE_MS)
    booth.stage.clock.now = closes_at + timedelta(seconds=5)
    booth.sign(page)
    expect(page.locator("#booth-title")).to_have_text("Voting had ended")
    expect(page.locator("#booth")).to_contain_text("It was not stored")
    assert page.evaluate("sessionStorage.length") == 0
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Voting has ended")


def test_what_the_server_promised_before_the_end_still_comes_after_it(
    short: tuple[Stage, str], context: BrowserContext
) -> None:
    stage = short[0]
    booth = booth_of(short, context, 9)
    page = booth.enter()
    page.on("dialog", accept)
    booth.encrypt(page)
    booth.sign(page)
    expect(page.locator(".booth-stage")).to_contain_text("stored", timeout=PATIENCE_MS)
    before = stage.clock.now
    stage.clock.now = codec.parse_time(stage.election.manifest.closes_at) + timedelta(hours=1)
    page.reload()  # the booth is closed for others, but this ballot is on its way
    booth.receive(page)
    expect(page.locator("#booth-standing")).to_contain_text("Your vote is cast.")
    stage.clock.now = before
