"""Scripts, bidi tricks, huge texts, spent links, double clicks, clocks that run back: a clear outcome each."""

import re
from datetime import timedelta

import pytest

from participation.petitions.checking import Act
from participation.petitions.life import State
from participation.petitions.models import PetitionSupporter
from participation.petitions.search import find_similar
from participation.petitions.supporters import count_supporters
from participation.signatures.counter import Counter
from tests.participation.conftest import MakeTown
from tests.support.participation import Town, path_of
from tests.support.petitions import (
    CREATOR,
    TEXT,
    act,
    collecting,
    invitation,
    moderation,
    newest,
    opened,
    support,
    view,
    write,
)

EVIL = "<script>alert(1)</script> close the <b>gate</b>"


def test_scripts_are_text_and_bidi_tricks_are_gone(town: Town) -> None:
    text = {"title": EVIL + "\u202e", "background": f"{EVIL}\n\n\u2066{EVIL}", "details": "x\u202ey"}
    key, _ = opened(town, text)
    raw = town.visitor().client.get(f"/en/petitions/{key}").get_data(as_text=True)
    assert "<script>alert" not in raw
    assert "&lt;script&gt;alert" in raw
    assert "\u202e" not in raw
    assert "\u2066" not in raw


@pytest.mark.parametrize(
    "name", ["<b>Ann</b>", "Ann http://evil.example", "www.evil.example", "12345", "\u202e\u200f", "a@b.c"]
)
def test_names_that_are_none(town: Town, name: str) -> None:
    visitor = town.visitor()
    visitor.submit("/en/petitions/new/title", title=TEXT["title"])
    answer = visitor.post("/en/petitions/new/you", name=name, mail=CREATOR)
    assert answer.status_code == 422
    assert "There is a problem" in answer.get_data(as_text=True)


@pytest.mark.parametrize("title", ["", "short", "x" * 81, "ا" * 81, "\u200c\u200c\u200c", "!!!!!!!!!!!!!!!!"])
def test_titles_that_are_none_begin_nothing(town: Town, title: str) -> None:
    visitor = town.visitor()
    assert visitor.post("/en/petitions/new/title", title=title).status_code == 422
    assert visitor.client.get_cookie("petition-draft") is None


def test_eighty_characters_fit_in_both_languages(town: Town) -> None:
    for title in ("Build it. " * 8, "بسازیدش. " * 8):
        visitor = town.visitor()
        visitor.submit("/en/petitions/new/title", title=title)


def test_a_huge_text_is_refused_and_kept_in_the_form(town: Town) -> None:
    visitor = town.visitor()
    visitor.submit("/en/petitions/new/title", title=TEXT["title"])
    long = visitor.post("/en/petitions/new/text", background="x" * 501, details="")
    assert long.status_code == 422
    assert "at most 500 characters" in long.get_data(as_text=True)
    assert visitor.post("/en/petitions/new/text", background="x" * 400_000, details="").status_code == 413


def test_a_form_without_its_token_changes_nothing(town: Town) -> None:
    answer = town.visitor().client.post("/en/petitions/new/title", data={"title": TEXT["title"]})
    assert answer.status_code == 400


def test_a_mail_scanner_that_opens_every_link_confirms_nothing(town: Town) -> None:
    visitor = town.visitor()
    write(visitor)
    link = path_of(town.link_to(CREATOR, "/confirm/"))
    scanner = town.visitor().client
    for method in (scanner.get, scanner.head, scanner.options, scanner.get):
        assert method(link).status_code == 200
    assert view(town, newest(town)).state is State.DRAFT
    visitor.submit(link)
    assert view(town, newest(town)).state is State.COLLECTING


def test_confirming_twice_is_confirming_once(town: Town) -> None:
    visitor = town.visitor()
    write(visitor)
    link = town.link_to(CREATOR, "/confirm/")
    for _ in range(3):
        assert visitor.submit(link).endswith("/petitions/mine")
    key = newest(town)
    mails = [mail for mail in town.mails(CREATOR) if "what comes next" in mail.subject]
    assert (view(town, key).state, len(mails)) == (State.COLLECTING, 1)


def test_handing_in_twice_sends_one_mail_and_five_at_most(town: Town) -> None:
    visitor = town.visitor()
    write(visitor)
    visitor.submit("/en/petitions/new/check")
    assert len(town.mails(CREATOR)) == 1
    for _ in range(4):
        town.clock.forward(minutes=2)
        visitor.submit("/en/petitions/new/check")
    town.clock.forward(minutes=2)
    refused = visitor.post("/en/petitions/new/check")
    assert "Five mails were sent" in refused.get_data(as_text=True)
    assert len(town.mails(CREATOR)) == 5


@pytest.mark.parametrize(
    "link", ["/petitions/confirm/nothing", "/petitions/manage/nothing", "/petitions/confirm/%00%FF"]
)
def test_links_that_were_never_mailed(town: Town, link: str) -> None:
    page = town.visitor().get(f"/en{link}", 410)
    assert "This link no longer works" in page


def test_a_link_that_is_too_old_says_so_and_changes_nothing(town: Town) -> None:
    visitor = town.visitor()
    write(visitor)
    link = town.link_to(CREATOR, "/confirm/")
    town.clock.forward(hours=73)
    assert "too old" in visitor.get(link, 410)
    assert view(town, newest(town)).state is State.DRAFT


def test_a_link_for_one_thing_does_another_nothing(town: Town) -> None:
    collecting(town)
    manage = town.link_to(CREATOR, "/manage/")
    town.visitor().get(manage.replace("/manage/", "/confirm/"), 410)


def test_the_management_link_works_once_and_a_new_one_is_mailed(town: Town) -> None:
    key, _ = collecting(town)
    link, other = town.link_to(CREATOR, "/manage/"), town.visitor()
    assert "1 more supporter is needed" in other.get(other.submit(link))
    again = town.visitor()
    assert "This link was used already" in again.get(link)
    before = len(town.mails(CREATOR))
    again.submit(f"/en/petitions/{key}/manage", mail="stranger@example.org")
    assert len(town.mails()) == len(town.mails("stranger@example.org")) + len(town.mails(CREATOR))
    assert town.mails("stranger@example.org") == []
    again.submit(f"/en/petitions/{key}/manage", mail=CREATOR.upper())
    assert len(town.mails(CREATOR)) == before + 1
    again.submit(town.link_to(CREATOR, "/manage/"))
    assert "Your petition" in again.get("/en/petitions/mine")
    again.submit("/en/petitions/mine/leave", "/en/petitions/mine")
    assert again.client.get("/en/petitions/mine").status_code == 403


def test_one_supporter_each_however_the_address_is_written(town: Town) -> None:
    key, creator = collecting(town)
    link = invitation(town, creator)
    for mail in ("Ann.Lee@gmail.com", "annlee+x@googlemail.com", "ANNLEE@gmail.com"):
        visitor = town.visitor()
        visitor.submit(link, name="Ann Lee", mail=mail)
    links = [mail.text for mail in town.mails("Ann.Lee@gmail.com")]
    assert len(links) == 3  # one mailbox: all went to the address that was written first
    for _ in links:
        town.visitor().submit(town.link_to("Ann.Lee@gmail.com", "/confirm/"))
    with town.services.database.reading() as session:
        assert count_supporters(session, key, town.ports).confirmed == 1
    town.visitor().submit(link, name="Ann Lee", mail="ann.lee@gmail.com")
    assert "already" in town.mails("ann.lee@gmail.com")[0].subject


def test_the_creator_is_no_supporter_and_learns_it_by_mail(town: Town) -> None:
    key, creator = collecting(town)
    town.visitor().submit(invitation(town, creator), name="Alex Doe", mail=CREATOR)
    assert town.mails(CREATOR)[0].subject == "You support this petition already"
    with town.services.database.reading() as session:
        assert count_supporters(session, key, town.ports).confirmed == 0


def test_at_most_five_mails_a_supporter_and_the_answer_is_always_the_same(town: Town) -> None:
    _, creator = collecting(town)
    link = invitation(town, creator)
    for _ in range(7):
        assert town.visitor().submit(link, name="Ann Lee", mail="ann@example.org").endswith("/asked")
    assert len(town.mails("ann@example.org")) == 5


def test_no_more_supporters_than_there_can_be(make_town: MakeTown) -> None:
    town = make_town("[petitions]\nsupporters = 2\nmost_supporters = 3\n")
    key, creator = collecting(town)
    link = invitation(town, creator)
    for number in range(3):
        support(town, link, number)
    refused = town.visitor().client.get(link)
    assert "as many supporters as it can have" in refused.get_data(as_text=True)
    with town.services.database.reading() as session:
        assert count_supporters(session, key, town.ports).confirmed == 3


def test_a_wrong_invitation_is_none(town: Town) -> None:
    key, creator = collecting(town)
    link = invitation(town, creator)
    town.visitor().get(link[:-3] + "AAA", 404)
    assert TEXT["title"] not in town.visitor().get(f"/en/petitions/{key}/support/x", 404)


def test_a_clock_that_runs_back_opens_nothing(town: Town) -> None:
    key, _ = opened(town)
    town.clock.forward(days=200)
    town.run_jobs("petitions.clock")
    assert view(town, key).state is State.CLOSED
    town.clock.now -= timedelta(days=190)
    town.run_jobs("petitions.clock")
    assert view(town, key).state is State.CLOSED


QUERIES = (
    *("?page=0", "?page=x", "?page=99999999999", "?state=nothing&sort=no", "?q=" + "x" * 5000),
    *("?q=%00%27%22%28*", "?q=%22 OR 1", "?q=NEAR(", "?q=-", "?q=%D9%87%D8%A7"),
)


def test_lists_take_any_query(town: Town) -> None:
    opened(town)
    for query in QUERIES:
        assert town.visitor().client.get(f"/en/petitions/{query}").status_code == 200
        assert town.visitor().client.get(f"/petitions/list.json{query}").status_code == 200


def test_six_months_after_its_end_nobody_is_known_any_more(town: Town) -> None:
    key, creator = opened(town)
    town.run_jobs("petitions.clock")
    Counter(town.ports).drain()
    town.clock.forward(days=186)
    town.run_jobs("petitions.clock")
    assert view(town, key).state is State.CLOSED
    town.clock.forward(days=180)
    town.run_jobs("petitions.clock")
    assert not view(town, key).life.erased
    town.clock.forward(days=10)
    town.run_jobs("petitions.clock")
    assert view(town, key).life.erased
    from participation.petitions.models import Petition
    from participation.signatures.models import Signature

    with town.services.database.reading() as session:
        row = session.get_one(Petition, key)
        assert (row.creator_mail, row.creator_mailbox, row.invitation) == ("", "", "")
        assert session.query(PetitionSupporter).count() == 0
        signatures = session.query(Signature).all()
        assert len(signatures) == 2
        assert all(one.sealed is None and one.shown_name is None for one in signatures)
    page = town.visitor().get(f"/en/petitions/{key}")
    assert re.search(r"count-number\">2<", page)
    assert creator.client.get("/en/petitions/mine").status_code == 403


def test_the_same_text_sent_many_times_shows_to_moderators_and_to_nobody_else(town: Town) -> None:
    first, _ = moderation(town)
    second, _ = moderation(town, {**TEXT, "title": TEXT["title"] + "!!!"}, "other@example.org")
    with town.services.database.reading() as session:
        assert [one.id for one in find_similar(session, TEXT["title"], 5, first, unchecked=True)] == [second]
        assert find_similar(session, TEXT["title"], 5) == []
    act(town, first, Act.REJECT, "unclear")
    writer = town.visitor()
    assert writer.submit("/en/petitions/new/title", title=TEXT["title"]).endswith("/similar")
    page = writer.get("/en/petitions/new/similar")
    assert "It was not accepted. Its page says why." in page
    assert TEXT["title"] + "!!!" not in page


def test_machines_are_slowed_down(make_town: MakeTown) -> None:
    town = make_town(rate_limits=True)
    answers = [town.visitor().post("/en/petitions/new/title", title=TEXT["title"]).status_code for _ in range(22)]
    assert answers == [303] * 20 + [429] * 2
