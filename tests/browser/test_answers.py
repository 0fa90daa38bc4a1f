"""Answers that are owed, in Chromium, by keyboard alone: handed over, given, missed; a promise kept."""

from collections.abc import Iterator

import pytest

from evote.admin.roles import Role
from tests.support.participation import Town
from tests.support.petitions import PERSIAN, TEXT, opened
from tests.support.ways import BUTTON, Walker, Walkers, town_for_walks

pytestmark = pytest.mark.browser

RULES = "[petitions]\nsupporters = 1\nresponse_at = 2\n"
TEXTS = {"en": TEXT, "fa": PERSIAN}
OTHER = {
    "en": {"title": "Plant trees along the old avenue", "background": "Fifty of them.", "details": ""},
    "fa": {"title": "در خیابان قدیم درخت بکارید", "background": "پنجاه درخت.", "details": ""},
}
FIRST = {"en": ("Parks Department", "سازمان بوستان‌ها"), "fa": ("Road Department", "ادارهٔ راه")}
SECOND = {"en": ("Water Department", "ادارهٔ آب"), "fa": ("Light Department", "ادارهٔ برق")}
REASON = {"en": "The bridge crosses the water.", "fa": "پل از روی آب می‌گذرد."}
DONE = {"en": "We will build it next year.", "fa": "سال آینده آن را می‌سازیم."}
PROMISE = {"en": "Fifty trees by summer", "fa": "پنجاه درخت تا تابستان"}
DAYS = {"en": ("2026-02-01", "2026-11-01"), "fa": ("۱۴۰۴/۱۱/۱۲", "۱۴۰۵/۰۸/۱۰")}
SOURCE = "https://example.org/minutes"
TYPED = frozenset([TEXT["title"], OTHER["en"]["title"], PROMISE["en"]])


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town_for_walks(tmp_path_factory.mktemp("answers"), RULES) as made:
        yield made


@pytest.mark.parametrize("language", ["en", "fa"])
def test_one_answer_is_given_in_time_and_one_is_missed(town: Town, walkers: Walkers, language: str) -> None:
    official, reader = walkers.official(language, "Responder", Role.RESPONDER), walkers.come(language)
    official.go("/admin/")
    official.follow('a[href$="/participation/answers"]')
    for names in (FIRST[language], SECOND[language]):
        official.follow('main a[href$="/authorities/new"]')
        official.send(name_en=names[0], name_fa=names[1], mail="office@example.org", superior_mail="head@example.org")
    answered, _ = opened(town, TEXTS[language], f"one-{language}@example.org")
    opened(town, OTHER[language], f"two-{language}@example.org")
    town.run_jobs()  # counts who supported them
    town.run_jobs()  # notices the numbers

    title = TEXTS[language]["title"]
    official.go("/admin/participation/answers")
    official.choose_link(title, 'main a[href$="/refer"]')
    last = official.page.locator("#authority option").last.get_attribute("value")
    official.keys.pick("#authority", str(last))
    official.send(reason=REASON[language])
    assert SECOND[language][language == "fa"] in official.read("dl")
    assert REASON[language] in official.read(".history")
    official.go("/admin/participation/answers")
    official.follow(f'main a[href$="/petitions/{answered}/answer"]')
    official.send(office=SECOND[language][language == "fa"], summary=DONE[language], text=DONE[language])
    town.clock.forward(days=60)
    town.run_jobs()
    assert any(OTHER[language]["title"] in mail.text for mail in town.mails("head@example.org"))

    reader.go("/answers/")
    row = reader.page.locator("tbody tr").filter(has_text=SECOND[language][language == "fa"])
    assert row.locator("td").first.inner_text() in ("1", "۱"), "answered in time"
    reader.follow('main a[href*="state=overdue"]')
    reader.choose_link(OTHER[language]["title"])
    assert FIRST["en"][language == "fa"] in reader.read("dl"), "the first authority of the site still owes it"
    reader.follow("main a.btn-primary")
    assert OTHER[language]["title"] in reader.read("h1")


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_promise_is_kept_with_evidence(town: Town, walkers: Walkers, language: str) -> None:
    official, reader = walkers.official(language, "Responder", Role.RESPONDER), walkers.come(language)
    official.go("/admin/participation/answers")
    _authority(official, language)
    official.follow('main a[href$="/promises/new"]')
    keys, (made, due) = official.keys, DAYS[language]
    keys.fill("#title", PROMISE[language])
    keys.fill("#text", DONE[language])
    for name, typed in (("promised_on", made), ("source", SOURCE), ("due_on", due)):
        keys.fill(f"#{name}", typed)
    official.follow(BUTTON)
    official.follow("main .actions a")
    keys.pick("#status", "kept")
    official.send(note=DONE[language])
    assert official.page.locator('[role="alert"]').count() == 1, "nothing was named as evidence"
    official.send(evidence=SOURCE)
    reader.go("/promises/")
    reader.follow('main a[href*="state=kept"]')
    reader.choose_link(PROMISE[language])
    assert SOURCE in reader.page.locator(".sources").last.inner_text()


def _authority(official: Walker, language: str) -> None:
    """Enter an authority, if the other test was not run."""
    if official.page.locator('main a[href*="/authorities/"]').count() == 1:
        official.follow('main a[href$="/authorities/new"]')
        names = FIRST[language]
        official.send(name_en=names[0], name_fa=names[1], mail="office@example.org", superior_mail="")
