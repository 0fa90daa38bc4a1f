"""A consultation's whole way in Chromium, in both languages, by keyboard alone: written, taken part in, answered."""

from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from evote.admin.roles import Role
from participation.contributions.kinds import ContributionKind
from participation.contributions.models import Contribution
from participation.people.sign_in import find_or_add, mail_key
from participation.statements.models import StatementVote
from tests.support.participation import Town, Visitor
from tests.support.ways import BUTTON, Walker, Walkers, code_for, enter_authority, town_for_walks

pytestmark = pytest.mark.browser

TIMES = {"en": ("2026-03-01 08:00", "2026-03-11 08:00"), "fa": ("۱۴۰۴/۱۲/۱۰ ۰۸:۰۰", "۱۴۰۵/۰۲/۱۰ ۰۸:۰۰")}
CLOSED = {"en": datetime(2026, 4, 1, 9, tzinfo=UTC), "fa": datetime(2026, 5, 2, 9, tzinfo=UTC)}
TITLE = {"en": "How shall we travel?", "fa": "چگونه سفر کنیم؟"}
SUMMARY = {"en": "Buses, trams and the bridge.", "fa": "اتوبوس و تراموا و پل."}
PARTS = {
    "en": {
        "statements": ("Say what you think", "\n".join(f"Line {one} should run all night." for one in "ABCDEFGH")),
        "proposals": ("Propose something", ""),
        "document": ("The plan", "# The bridge\nIt is for everybody. It opens at six.\n\nDogs are welcome."),
        "discussion": ("Talk about it", "What do you miss most of all?"),
        "survey": ("Answer some questions", "How do you travel? [one!]\n- By tram\n- On foot\nHow is it? [scale]"),
        "budget": ("Share out the money", "Trees along the avenue; 40,000\nNew benches; 70,000"),
    },
    "fa": {
        "statements": (
            "نظرتان را بگویید",
            "\n".join(f"خط {one} همهٔ شب کار کند." for one in "آبپتثجچح"),
        ),
        "proposals": ("پیشنهاد بدهید", ""),
        "document": ("طرح", "# پل\nپل برای همه است. ساعت شش باز می‌شود.\n\nسگ‌ها خوش آمدند."),
        "discussion": ("گفت‌وگو کنید", "بیش از همه چه کم دارید؟"),
        "survey": ("به چند پرسش پاسخ دهید", "چگونه سفر می‌کنید؟ [one!]\n- با تراموا\n- پیاده\nچطور است؟ [scale]"),
        "budget": ("پول را تقسیم کنید", "درخت کنار خیابان؛ ۴۰٬۰۰۰\nنیمکت تازه؛ ۷۰٬۰۰۰"),
    },
}
MINE = {"en": ("A later last bus", "Let it leave at one."), "fa": ("آخرین اتوبوس دیرتر", "ساعت یک حرکت کند.")}
THEIRS = {"en": ("More stops", "One at the mill."), "fa": ("ایستگاه بیشتر", "یکی کنار آسیاب.")}
DID = {"en": "It leaves at one from May on.", "fa": "از اردیبهشت ساعت یک حرکت می‌کند."}
BUDGET = {"en": "100,000", "fa": "۱۰۰٬۰۰۰"}
TYPED = frozenset((TITLE["en"], SUMMARY["en"]))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town_for_walks(tmp_path_factory.mktemp("consultations")) as made:
        enter_authority(made)
        yield made


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_consultation_from_its_first_word_to_its_report(town: Town, walkers: Walkers, language: str) -> None:
    official = walkers.official(language, "Facilitator", Role.FACILITATOR)
    here = _write_consultation(official)
    _neighbours(town, language, here)

    person = walkers.come(language)
    _answer_statements(person, language)
    _propose(person, here, language)
    _comment_on_passages(person, here)
    _reply(person, here)
    _fill_in(person, here)

    town.clock.now = CLOSED[language]
    town.run_jobs()
    _report(walkers.official(language, "Facilitator"), here, language)
    person.go("/me/")  # everybody was signed out long ago
    person.sign_in(f"person-{language}@example.org")
    assert person.page.locator("main li .state-good").count() == 1, "of five, one is answered"
    person.choose_link(MINE[language][0])
    assert DID[language] in person.read(".report-line")
    person.go(here)
    assert DID[language] in person.read("main")


def _write_consultation(official: Walker) -> str:
    """Write a consultation with a part of each kind and publish it; returns where it stands."""
    language = official.language
    opens, closes = TIMES[language]
    official.go("/admin/")
    official.follow('a[href$="/participation/consultations/"]')
    official.follow('main a[href$="/consultations/new"]')
    official.send(title=TITLE[language], summary=SUMMARY[language])
    for kind, (title, seeds) in PARTS[language].items():
        official.follow('main a[href$="/parts/new"]')
        official.follow(f'main a[href$="/parts/new?kind={kind}"]')
        fields = {"title": title, "opens_at": opens, "closes_at": closes, **({"seeds": seeds} if seeds else {})}
        fields |= {"budget": BUDGET[language], "currency": "EUR", "most": ""} if kind == "budget" else {}
        official.send(**fields)
    official.follow('main a[href$="/publish"]')
    official.follow(BUTTON)
    return official.page.url.partition(f"/{language}")[2]


def _neighbours(town: Town, language: str, here: str) -> None:
    """Let others take part: a proposal, and two camps that answer every statement."""
    neighbour = Visitor(town.app)
    mail = f"neighbour-{language}@example.org"
    neighbour.submit(f"/{language}/me/sign-in", mail=mail)
    neighbour.submit(f"/{language}/me/sign-in/code", code=code_for(town, mail))
    address = next(place for place in _parts(neighbour, here) if "/proposals/" in place)
    title, text = THEIRS[language]
    neighbour.submit(f"{address}/write", title=title, text=text)
    chance = Random(0)
    phase = int(next(place for place in _parts(neighbour, here) if "/statements/" in place).rpartition("/")[2])
    with town.services.database.writing() as session:
        query = select(Contribution.id).where(
            Contribution.phase_id == phase, Contribution.kind == ContributionKind.STATEMENT
        )
        numbers = session.scalars(query).all()
        for one in range(12):
            other = f"other{one}-{language}@example.org"
            with town.app.test_request_context("/"):
                person = find_or_add(session, town.ports, "mail", mail_key(town.ports, other), other)
            session.flush()
            for place, number in enumerate(numbers):
                given = 1 if place < 2 or (place + one) % 2 else -1
                given = -given if chance.random() < 0.1 else given
                row = StatementVote(statement_id=number, person_id=person.id, vote=given, at=town.clock.now)
                session.add(row)
    town.run_jobs("statements.maps")


def _parts(visitor: Visitor, here: str) -> list[str]:
    """Return the addresses of a consultation's parts."""
    return [one.partition('"')[0] for one in visitor.get(here).split('href="') if one.startswith(f"{here}/")]


def _enter(person: Walker, here: str, kind: str) -> None:
    """Go to a part by the consultation's page."""
    person.go(here)
    person.follow(f'main a[href*="{here}/{kind}/"]')


def _answer_statements(person: Walker, language: str) -> None:
    """Find the consultation, sign in on the way, answer each statement in one of three ways, read the map."""
    person.go("/consultations/")
    person.choose_link(TITLE[language])
    person.follow('main a[href*="/statements/"]')
    person.follow('main a[href*="/me/sign-in"]')
    person.sign_in(f"person-{language}@example.org")
    for answer in ("agree", "agree", "disagree", "agree", "disagree", "agree", "pass", "agree"):
        person.keys.follow(f'button[value="{answer}"]')
    person.town.run_jobs("statements.maps")
    person.page.reload()
    person.look()
    assert person.page.locator(".opinion-map .map-label").count() == 2
    assert person.page.locator("#split + .table-frame tbody tr").count() > 0
    person.follow('main a[href$="/write"]')
    person.send(text={"en": "Trams at night.", "fa": "تراموا در شب."}[language])


def _propose(person: Walker, here: str, language: str) -> None:
    """Write a proposal, and stand behind somebody else's."""
    _enter(person, here, "proposals")
    person.follow('main a[href$="/write"]')
    person.send()
    assert person.page.locator('[role="alert"]').count() == 1
    person.send(title=MINE[language][0], text=MINE[language][1])
    person.go(here)
    person.follow('main a[href*="/proposals/"]')
    person.choose_link(THEIRS[language][0])
    person.follow('button[value="yes"]')
    assert person.page.locator('button[value="no"]').count() == 1


def _comment_on_passages(person: Walker, here: str) -> None:
    """Comment on a sentence that was chosen by keyboard, and on one that was chosen by mouse."""
    words = {"en": ("Why six?", "Thank you."), "fa": ("چرا شش؟", "سپاس.")}[person.language]
    _enter(person, here, "document")
    person.follow('main a[href$="/paragraph/1"]')
    person.keys.tick("#sentence-1")
    person.send("main form button[type=submit]", text=words[0])
    assert person.page.locator(".threads q").count() == 1
    person.page.locator("label[for=sentence-0]").click()
    person.page.locator("#text").fill(words[1])
    person.page.locator("main form button[type=submit]").first.click()
    expect(person.page.locator(".threads q")).to_have_count(2)
    person.look()


def _reply(person: Walker, here: str) -> None:
    _enter(person, here, "discussion")
    person.follow('main a[href*="/reply"]')
    person.send(text={"en": "A bus on Sundays.", "fa": "اتوبوس در جمعه."}[person.language])
    assert person.page.locator(".replies li").count() == 1


def _fill_in(person: Walker, here: str) -> None:
    """Fill in the survey, first without what it needs, and share out the budget."""
    keys, page = person.keys, person.page
    _enter(person, here, "survey")
    person.follow(BUTTON)
    assert page.locator(".field-wrong").count() == 1
    for number in range(page.locator("main form fieldset").count()):
        keys.reach("main form input[type=radio]")
        keys.press("Space", *["ArrowDown"] * number)
    person.follow(BUTTON)
    assert page.locator("table.results").count() == 2
    _enter(person, here, "budget")
    keys.tick("input[name=project]")
    person.follow(BUTTON)
    assert page.locator("input[name=project]:checked").count() == 1


def _report(official: Walker, here: str, language: str) -> None:
    """Say what becomes of the person's proposal, by the number that stands on its page."""
    _enter(official, here, "proposals")
    official.choose_link(MINE[language][0])
    number = "".join(one for one in official.read(".kicker") if one.isdecimal())
    official.go(here)
    official.follow('main a[href*="/admin/participation/consultations/"]')
    official.follow('main a[href$="/report"]')
    keys = official.keys
    keys.fill("#text", SUMMARY[language])
    keys.fill("#said", MINE[language][1])
    keys.fill("#contributions", number)
    keys.pick("#outcome", "done")
    keys.fill("#did", DID[language])
    official.follow(BUTTON)
    assert official.page.locator("main fieldset.report-line").count() == 1
