"""The whole ways of a voter and of an official in Chromium, in both languages, by keyboard alone."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from ballots import codec
from ballots.ballot import seal_ballot, short_secrets
from ballots.credentials import short_tracker
from ballots.manifest import parse_manifest
from ballots.partial import make_partial, verify_partial
from ballots.result import combine
from evote.admin.roles import Role
from evote.app import create_app
from evote.current import EXTENSION
from evote.elections.models import Election
from evote.elections.signing import sign_request
from evote.mail.models import Message
from evote.mail.outbox import open_mail
from evote.trustees.aggregates import load_aggregates
from evote.trustees.intents import intent_of
from tests.support.booth import PATIENCE_MS
from tests.support.browser import served
from tests.support.elections import OPENS_AT, make_voters, seeded_key
from tests.support.gallery import gallery_settings
from tests.support.keyboard import Keyboard
from tests.support.officials import PASSWORD, Desk, make_official
from tests.support.server import Clock, Stage, make_files, make_services, make_stage

pytestmark = pytest.mark.browser

LANGUAGES = ["en", "fa"]
_CODE = re.compile(r"\b(\d{4}) (\d{4})\b")
_TIMES = {"en": ("2026-03-01 08:00", "2026-03-08 20:00"), "fa": ("۱۴۰۴/۱۲/۱۰ ۰۸:۰۰", "۱۴۰۴/۱۲/۱۷ ۲۰:۰۰")}


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def test_a_voter_from_the_election_s_page_to_the_checked_receipt(
    page: Page, language: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    settings = replace(gallery_settings(tmp_path_factory.mktemp("keys")), base_url="http://vote.example")
    stage = make_stage(settings, voters=2)
    keys, voter = Keyboard(page), stage.voters[0]
    with served(stage.app) as address:
        page.goto(f"{address}/{language}/elections/{stage.id}")
        keys.follow(f'main a[href="/{language}/elections/{stage.id}/login"]')
        keys.fill("#voter_id", "V-000")
        with page.expect_navigation():
            keys.press("Enter")
        keys.fill("#code", _one_time_code(stage))
        keys.press("Enter")
        expect(page.locator("#booth-continue")).to_be_visible(timeout=PATIENCE_MS)
        standing = page.locator("#booth-standing")
        not_yet = standing.inner_text()
        keys.reach("#option-0")
        keys.press("ArrowDown")
        keys.reach("#booth-continue")
        keys.press("Enter")
        keys.reach("#booth-encrypt")
        keys.press("Enter")
        expect(page.locator("#booth-sign")).to_be_visible(timeout=PATIENCE_MS)
        assert standing.inner_text() == not_yet
        keys.reach("#booth-audit")
        keys.press("Enter")
        expect(page.locator("#booth-audit-save")).to_be_visible(timeout=PATIENCE_MS)
        keys.save("#booth-audit-save")
        keys.reach("#booth-encrypt-again")
        keys.press("Enter")
        keys.reach("#booth-encrypt")
        keys.press("Enter")
        expect(page.locator("#booth-sign")).to_be_visible(timeout=PATIENCE_MS)
        keys.reach("#code")
        page.keyboard.type(voter.code)
        keys.press("Enter")
        expect(page.locator(".booth-stage")).to_be_visible(timeout=PATIENCE_MS)
        _sequence_until(stage, page, "#booth-save-receipt")
        assert standing.inner_text() != not_yet
        receipt = keys.save("#booth-save-receipt").path()
        page.goto(f"{address}/{language}/elections/{stage.id}/verify")
        keys.attach("input[type=file]", receipt)
        keys.reach("main button[type=submit], main form button")
        keys.press("Enter")
        tracker = short_tracker(stage.log()[-1]["body"]["tracker"])
        expect(page.locator("#verify-results")).to_contain_text(tracker, timeout=PATIENCE_MS)
    stage.app.extensions[EXTENSION].database.close()


def _one_time_code(stage: Stage) -> str:
    with stage.services.database.reading() as session:
        mail = open_mail(stage.services, session.scalars(select(Message).order_by(Message.id.desc()).limit(1)).one())
    text = "".join(str(int(one)) if one.isdecimal() else one for one in mail.text)
    found = _CODE.search(text)
    assert found is not None, mail.text
    return "".join(found.groups())


def _sequence_until(stage: Stage, page: Page, selector: str) -> None:
    """Let the sequencer work until an element is shown."""
    for _ in range(100):
        stage.sequence()
        if page.locator(selector).is_visible():
            return
        page.wait_for_timeout(100)
    raise AssertionError(selector)


@dataclass
class Office:
    """An official at a browser, with a machine of her own where she signs."""

    page: Page
    keys: Keyboard
    desk: Desk
    root: str
    election: str
    folder: Path

    def hand_in(self, place: str, selector: str, data: bytes, name: str = "document.json") -> None:
        """Hand a file in on a page of the election."""
        file = self.folder / name
        file.write_bytes(data)
        self.page.goto(f"{self.root}{self.election}{place}")
        self.keys.attach(selector, file)
        self.keys.follow("main form:has(:focus) button[type=submit], main button[type=submit]")

    def sign(self, kind: str) -> None:
        """Download a request, sign it elsewhere, and hand it in."""
        self.page.goto(f"{self.root}{self.election}/sign/{kind}")
        self.confirm()
        request = self.keys.save("a[download]").path().read_bytes()
        signed = self.folder / f"signed-{kind}.json"
        signed.write_bytes(sign_request(request, seeded_key("official")))
        self.keys.attach("input[type=file]", signed)
        self.keys.follow("main button[type=submit]")

    def confirm(self) -> None:
        """Show the second factor once more, where the site asks for it."""
        if "/confirm" in self.page.url:
            self.keys.fill("#code", self.desk.code())
            with self.page.expect_navigation():
                self.keys.press("Enter")


def test_an_official_from_an_empty_site_to_the_published_result(
    page: Page, language: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("office")
    settings = replace(gallery_settings(folder), base_url="http://127.0.0.1")
    clock = Clock(OPENS_AT.replace(day=1, month=2))
    services = make_services(settings, clock)
    app = create_app(settings, services)
    desk = make_official(app, services, clock, "Ada", Role.ELECTION_ADMIN, Role.REGISTRAR)
    keys = Keyboard(page)
    with served(app) as address:
        root = f"{address}/{language}"
        office = Office(page, keys, desk, root, "", folder)
        page.goto(f"{root}/admin/sign-in")
        keys.fill("#official_name", "Ada")
        keys.fill("#password", PASSWORD)
        keys.fill("#code", desk.code())
        with page.expect_navigation():
            keys.press("Enter")
        office.election = _write(keys, language)
        key = office.election.rpartition("/")[2]
        data = app.test_client().get(f"/elections/{key}/record/manifest.json").data
        manifest = parse_manifest(data, allow_test_keys=True)
        voters = make_voters(manifest, 4)
        files, shares, signing = make_files(manifest, voters)
        _freeze(office, files)
        stage = Stage(services, app, clock, manifest.id, voters, shares, signing)
        _open(office, stage)
        _vote(stage)
        _close(office, stage)
        _count(office, stage)
        page.goto(f"{root}/elections/{key}/result")
        expect(page.locator("main")).to_contain_text("75.0%" if language == "en" else "۷۵٫۰")
    services.database.close()


def _write(keys: Keyboard, language: str) -> str:
    """Write a referendum, step by step; returns the path of the election's page for officials."""
    go_on = 'button[name=action][value="continue"]'
    keys.follow('a[href$="/admin/drafts/new"]')
    keys.choose("begin", "referendum")
    keys.follow("main button[type=submit]")
    keys.fill(f'[name="title-{language}"]', "The tramway")
    keys.follow(go_on)
    keys.follow('a[href$="/contests/0"]')
    keys.fill(f'[name="title-{language}"]', "Shall it be built?")
    keys.follow(go_on)
    keys.follow(go_on)
    keys.follow(go_on)
    opens, closes = _TIMES[language]
    keys.fill("#opens_at", opens)
    keys.fill("#closes_at", closes)
    keys.choose("closing", "official")
    keys.fill("#min_ballots", "1")
    keys.fill("#modulus_bits", "512")
    keys.follow(go_on)
    keys.fill("#trustees", "One\nTwo\nThree")
    keys.fill("#threshold", "2")
    keys.fill("#observers", f"League, {seeded_key('observer 0').public}")
    keys.fill("#registrar_key", seeded_key("registrar").public)
    keys.fill("#official_key", seeded_key("official").public)
    keys.follow(go_on)
    keys.tick("#sure")
    keys.follow("main button[type=submit]")
    return keys.page.url.partition(f"/{language}")[2]


def _freeze(office: Office, files: object) -> None:
    place = office.folder / "handed-in"
    place.mkdir()
    page, keys = office.page, office.keys
    page.goto(f"{office.root}{office.election}/files")
    for name, selector in (
        ("roll", "#roll-jsonl"),
        ("roll_signature", "#roll-json"),
        ("voters", "#voters-csv"),
        ("key", "#key-json"),
    ):
        file = place / name
        file.write_bytes(getattr(files, name))
        keys.attach(selector, file)
    keys.follow("main button[type=submit]")
    page.goto(f"{office.root}{office.election}/freeze")
    office.confirm()
    keys.tick("#sure")
    keys.follow("main button[type=submit]")
    expect(page.locator("main .code").first).to_be_visible()


def _open(office: Office, stage: Stage) -> None:
    for number, key in enumerate(stage.trustee_keys, start=1):
        signed = {"election": stage.election.fingerprint_text}
        opening = {**signed, "trustee": number, "signature": key.sign("open", signed)}
        office.hand_in("/trustees", "input[type=file]", codec.encode_canonical(opening))
    office.sign("open")
    stage.sequence()
    assert stage.log()[-1]["type"] == "open"


def _vote(stage: Stage) -> None:
    stage.clock.now = OPENS_AT.replace(hour=10)
    rng, election = stage.rng, stage.election
    secrets = short_secrets(election, rng.getrandbits)
    [contest] = election.manifest.contests
    for number in (0, 1, 2):
        voter, choices = stage.voters[number], {contest.id: [contest.options[0 if number else 1].id]}
        sealed = seal_ballot(election, voter.style, voter.key.public, "", choices, rng.getrandbits, secrets)
        assert stage.put(stage.log_in(number), number, sealed.ballot).status_code == 202
    stage.sequence()


def _close(office: Office, stage: Stage) -> None:
    page, keys = office.page, office.keys
    page.goto(f"{office.root}/admin/sign-in")
    keys.fill("#official_name", "Ada")
    keys.fill("#password", PASSWORD)
    keys.fill("#code", office.desk.code())
    with page.expect_navigation():
        keys.press("Enter")
    page.goto(f"{office.root}{office.election}/sign/close")
    office.confirm()
    keys.tick("#sure")
    keys.follow("main button[type=submit]")
    stage.sequence()
    office.sign("close")
    stage.sequence()
    assert stage.log()[-1]["type"] == "close"


def _count(office: Office, stage: Stage) -> None:
    place = ("/trustees", "input[type=file]")
    for number, kind in ((1, "trustee"), (2, "trustee"), (0, "observer")):
        office.hand_in(*place, codec.encode_canonical(stage.intent(number, kind)))
        stage.sequence()
    loaded = stage.election
    with stage.services.database.reading() as session:
        intent = intent_of(session.get_one(Election, stage.id))
        aggregates = load_aggregates(session, loaded)
    bits = stage.rng.getrandbits
    partials = [make_partial(loaded, intent, aggregates, one, stage.shares[one - 1], bits) for one in (1, 2)]
    for partial in partials:
        office.hand_in(*place, codec.encode_canonical(partial))
    checked = [verify_partial(loaded, intent, aggregates, one) for one in partials]
    office.hand_in(*place, combine(loaded, intent, aggregates, checked).encode())
    stage.sequence()
    assert stage.log()[-1]["type"] == "tally"
    assert json.loads(combine(loaded, intent, aggregates, checked).encode())
