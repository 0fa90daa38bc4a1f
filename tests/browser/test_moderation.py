"""Moderation and personal data in Chromium, by keyboard alone: from a report to the log; from news to leaving."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from evote.admin.roles import Role
from participation.consultations import acts
from participation.consultations.acts import ConsultationData, PhaseData
from participation.consultations.kinds import PhaseKind
from tests.support.participation import Town, Visitor, path_of
from tests.support.ways import BUTTON, Walker, Walkers, code_for, enter_authority, town_for_walks

pytestmark = pytest.mark.browser

NAME = {"en": "Ann Lee", "fa": "مینا راد"}
MINE = {"en": "The last bus leaves too early.", "fa": "آخرین اتوبوس زود می‌رود."}
SPAM = {"en": "Cheap watches!", "fa": "ساعت ارزان!"}
NOTE = {"en": "See the rules.", "fa": "قواعد را ببینید."}
WHY = {"en": "It is about the bus.", "fa": "دربارهٔ اتوبوس است."}
TITLE = {"en": "How shall we travel?", "fa": "چگونه سفر کنیم؟"}
PART = {"en": "Talk about it", "fa": "گفت‌وگو کنید"}
TYPED = frozenset(one["en"] for one in (NAME, MINE, SPAM, NOTE, WHY, TITLE, PART))
RULES = "[moderation]\nnear_overdue_hours = 1\n"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town_for_walks(tmp_path_factory.mktemp("moderation"), RULES) as made:
        enter_authority(made)
        yield made


def _consultation(town: Town, language: str) -> tuple[str, str]:
    """Publish a consultation with a discussion; returns its address and that of the discussion."""
    now = town.clock.now
    with town.services.database.writing() as session:
        texts = ConsultationData(language, TITLE[language], MINE[language], "", 1)
        found = acts.begin_consultation(session, town.ports, texts, by="clerk")
        data = PhaseData(PhaseKind.DISCUSSION, PART[language], "", now - timedelta(hours=1), now + timedelta(days=9))
        phase = acts.save_phase(session, town.ports, found.id, found.revision, data, by="clerk")
        acts.publish(session, town.ports, found.id, found.revision, by="clerk")
        return f"/consultations/{found.id}", f"/consultations/{found.id}/discussion/{phase.id}"


def _write(person: Walker, here: str, text: str, mail: str, name: str) -> str:
    """Sign in on the way to writing, choose a name, and write; returns where it stands."""
    person.go(here)
    person.follow('main a[href$="/write"]')
    person.sign_in(mail)
    person.go("/me/")
    person.send("main form button[type=submit]", name=name)
    person.go(f"{here}/write")
    person.send(text=text)
    person.choose_link("UTC" if person.language == "en" else "به وقت جهانی")
    return person.page.url.partition(f"/{person.language}")[2]


def _report(reader: Walker, place: str, reason: str) -> None:
    reader.go(place)
    reader.follow('main a[href*="/moderation/report/"]')
    if "/sign-in" in reader.page.url:
        reader.sign_in(f"reader-{reader.language}@example.org")
    reader.keys.choose("reason", reason)
    reader.follow(BUTTON)


@pytest.mark.parametrize("language", ["en", "fa"])
def test_from_a_report_to_the_public_log(town: Town, walkers: Walkers, language: str) -> None:
    _, here = _consultation(town, language)
    author, reader = walkers.come(language), walkers.come(language)
    mine = _write(author, here, MINE[language], f"author-{language}@example.org", NAME[language])
    spam = _of_somebody_else(town, language, here)
    _report(reader, mine, "off-topic")
    _report(reader, spam, "advertising")
    town.clock.forward(hours=2)

    first = walkers.official(language, "First", Role.MODERATOR)
    first.go("/admin/")
    first.follow('a[href$="/participation/moderation/"]')
    for place in (spam, mine):
        first.keys.tick(f"#target-{place.rpartition('/')[2]}")
    first.keys.choose("act", "hide")
    first.follow(BUTTON)  # without a reason
    assert first.page.locator('[role="alert"]').count() == 1
    assert first.page.locator("input[name=target]:checked").count() == 2
    first.keys.pick("#reason", "off-topic")
    first.send(note=NOTE[language])
    assert first.page.locator("input[name=target]").count() == 0

    author.go("/me/")
    author.choose_link(MINE[language])
    assert NOTE[language] in author.read(".history")
    author.follow('main a[href*="/appeal/"]')
    author.send(text=WHY[language])
    _decide(first, "grant", NOTE[language])
    assert first.page.locator('[role="alert"]').count() == 1, "it was her own decision"
    second = walkers.official(language, "Second", Role.MODERATOR)
    _decide(second, "grant", NOTE[language])
    author.go(mine)
    assert MINE[language] in author.read("div.panel")

    reader.go(spam)
    assert SPAM[language] not in reader.read("main")
    reader.go("/moderation/")
    assert reader.page.locator("tbody tr").count() >= 3
    assert NOTE[language] in reader.read("tbody")


def _of_somebody_else(town: Town, language: str, here: str) -> str:
    visitor, mail = Visitor(town.app), f"seller-{language}@example.org"
    visitor.submit("/me/sign-in", mail=mail)
    visitor.submit("/me/sign-in/code", code=code_for(town, mail))
    place = path_of(visitor.submit(f"{here}/write", text=SPAM[language]))
    return f"/contributions/{place.rpartition('#c')[2]}"


def _decide(moderator: Walker, act: str, note: str) -> None:
    moderator.go("/admin/participation/moderation/")
    moderator.follow('main a[href*="/appeals/"]')
    moderator.keys.choose("act", act)
    moderator.send(note=note)


@pytest.mark.parametrize("language", ["en", "fa"])
def test_from_news_by_mail_to_leaving_for_good(town: Town, walkers: Walkers, language: str) -> None:
    _, here = _consultation(town, language)
    person, mail = walkers.come(language), f"person-{language}@example.org"
    mine = _write(person, here, MINE[language], mail, NAME[language])
    person.go("/me/")
    person.keys.choose("period", "weekly")
    person.keys.tick('input[name="kinds"][value="promises"]')
    person.follow('form[action$="/digest"] button')
    with person.keys.save('a[href$="/data.json"]').path().open(encoding="utf-8") as file:
        data = json.load(file)
    assert (data["mail"], data["name"]) == (mail, NAME[language])
    assert [one["text"] for one in data["contributions"]] == [MINE[language]]
    [digest] = data["digests"]
    assert sorted(digest["kinds"]) == ["answers", "consultations", "petitions"]

    town.clock.forward(minutes=2)
    newer, _ = _consultation(town, language)
    town.clock.forward(days=8)
    town.run_jobs()
    assert newer in town.mails(mail)[0].text
    person.go(town.link_to(mail, newer))
    assert TITLE[language] in person.read("h1")
    stranger = walkers.come(language)
    stranger.go(town.link_to(mail, "/digests/leave/"))  # a mail's link needs nobody to sign in
    stranger.follow("main form button")
    assert stranger.page.locator('[role="status"]').count() == 1
    person.go("/me/")
    assert person.page.locator('input[name="period"]:checked').get_attribute("value") == "none"

    person.follow('main a[href$="/me/leave"]')
    person.follow(BUTTON)
    stranger.go(mine)
    assert MINE[language] in stranger.read("main")
    assert NAME[language] not in stranger.read("main")
    person.go("/me/")
    assert "/me/sign-in" in person.page.url
