"""A petition's whole way in Chromium, in both languages, by keyboard alone: from its first word to the answer."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from evote.admin.roles import Role
from participation.petitions.life import State
from participation.signatures.counter import Counter
from tests.support.participation import Town
from tests.support.petitions import PERSIAN, TEXT, newest, opened, view
from tests.support.ways import Walker, Walkers, town_for_walks

pytestmark = pytest.mark.browser
RULES = """
[petitions]
supporters = 1
response_at = 3
debate_at = 1000
[signatures]
in_minute = 100
in_five_minutes = 100
smallest_region = 1
"""
OTHER = {
    "en": {"title": "Build a bridge at the mill, over the river", "background": "For carts too.", "details": ""},
    "fa": {"title": "کنار آسیاب روی رودخانه پل بسازید", "background": "برای گاری‌ها هم.", "details": ""},
}
NAMES = {"en": ("Alex Doe", "Ann Lee", "Sam Poe"), "fa": ("آذر کریمی", "مینا راد", "سام پویا")}
OFFICE = {"en": "Town council", "fa": "شورای شهر"}


TYPED = frozenset((OTHER["en"]["title"], OTHER["en"]["background"]))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town_for_walks(tmp_path_factory.mktemp("petitions"), RULES) as made:
        yield made


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_petition_from_its_first_word_to_its_answer(
    town: Town, walkers: Walkers, tmp_path: Path, language: str
) -> None:
    text, (name, helper, signer) = {"en": TEXT, "fa": PERSIAN}[language], NAMES[language]
    other, _ = opened(town, OTHER[language], f"other-{language}@example.org")
    town.clock.forward(minutes=1)
    creator = walkers.come(language)
    _write(creator, text, name, other)
    mail = f"creator-{language}@example.org"
    creator.go(town.link_to(mail, f"/{language}/petitions/confirm/"))
    creator.follow("main button")
    invited, key = creator.read("pre"), newest(town)

    supporter = walkers.come(language)
    supporter.go(invited)
    supporter.send(name=helper, mail=f"supporter-{language}@example.org")
    supporter.go(town.link_to(f"supporter-{language}@example.org", "/confirm/"))
    supporter.follow("main button")
    assert view(town, key).state is State.MODERATION

    moderator = walkers.official(language, "Moderator", Role.MODERATOR)
    moderator.go("/admin/")
    moderator.follow('a[href$="/admin/participation/petitions/"]')
    moderator.follow(f'a[href$="/{key}"]')
    moderator.keys.choose("act", "approve")
    moderator.follow("#decide + form button[type=submit]")
    assert view(town, key).state is State.OPEN

    person = walkers.come(language)
    _sign(person, key, signer, f"signer-{language}@example.org", tmp_path)
    _answer(town, walkers, language, key)
    town.clock.forward(days=1)
    town.run_jobs()
    assert OFFICE[language] in town.mails(f"signer-{language}@example.org")[0].text
    person.go(town.link_to(f"signer-{language}@example.org", f"/petitions/{key}"))
    expect(person.page.locator("article.answer")).to_contain_text(OFFICE[language])
    creator.go(town.link_to(mail, f"/{language}/petitions/manage/"))
    creator.follow("main form button")
    assert text["title"] in creator.read("h1")


def _write(creator: Walker, text: dict[str, str], name: str, other: str) -> None:
    """Write a petition as far as the mail with the link, past one that is like it."""
    creator.go("/petitions/")
    creator.follow('main a[href$="/petitions/new"]')
    creator.follow('main a[href$="/new/title"]')
    creator.send(title="x")
    assert creator.page.locator('[aria-invalid="true"]').count() == 1
    creator.send(title=text["title"])
    assert creator.page.locator(f'a[href$="{other}"]').count() == 1
    creator.follow('main a[href$="/new/text"]')
    creator.send(background=text["background"], details=text["details"])
    creator.send(name=name, mail=f"creator-{creator.language}@example.org")
    creator.follow("main button")


def _sign(person: Walker, key: str, name: str, mail: str, folder: Path) -> None:
    """Find the petition, sign it, and check the receipt."""
    person.go("/petitions/")
    person.follow(f'a[href$="/petitions/{key}"]')
    person.follow('main a[href$="/sign"]')
    keys, receipt = person.keys, folder / "receipt.json"
    keys.fill("#name", name)
    keys.fill("#mail", mail)
    keys.pick("#region", "IR-23")
    keys.fill("#postcode", "12345")
    keys.tick("#consent")
    keys.tick("#news")
    person.follow("main button")
    person.go(person.town.link_to(mail, "/sign/"))
    person.follow("main button")
    Counter(person.town.ports).drain()
    person.follow("main a.btn-primary")
    keys.save("main a.btn-secondary").save_as(receipt)
    person.follow('a[href$="/count#check"]')
    keys.attach("#check-file", receipt)
    keys.reach("#check-form button")
    keys.press("Enter")
    expect(person.page.locator("#check-outcome .notice-good")).to_be_visible()
    person.look()


def _answer(town: Town, walkers: Walkers, language: str, key: str) -> None:
    """Let the threshold be noticed, and an official answer."""
    town.run_jobs()  # counts who supported it before it opened
    town.run_jobs()  # notices the number
    reader = walkers.come(language)
    reader.go(f"/petitions/{key}")
    assert reader.page.locator("article.answer").count() == 0
    assert reader.page.locator("#answer").count() == 1
    official = walkers.official(language, "Responder", Role.RESPONDER)
    official.go(f"/admin/participation/petitions/{key}")
    official.follow('a[href$="/answer"]')
    texts = {"en": ("We will build it.", "Next year."), "fa": ("آن را می‌سازیم.", "سال آینده.")}[language]
    official.send(office=OFFICE[language], summary=texts[0], text=texts[1])
    reader.go(f"/petitions/{key}")
    expect(reader.page.locator("article.answer")).to_contain_text(texts[1])
