"""A petition's way through the site's own pages: written, supported, checked, open, answered, debated, closed."""

import re
from datetime import timedelta

import pytest

from evote.admin.roles import Role
from participation.petitions.answering import note_outage, respond
from participation.petitions.life import State
from participation.signatures.counter import Counter
from tests.participation.conftest import MakeTown
from tests.support.officials import Desk, make_official
from tests.support.participation import Town, Visitor
from tests.support.petitions import (
    CREATOR,
    PERSIAN,
    TEXT,
    Moderator,
    counted,
    invitation,
    moderation,
    newest,
    opened,
    support,
    view,
    write,
)


def revision(desk: Desk, address: str) -> str:
    found = re.search(r'name="revision"[^>]*value="(\d+)"', desk.get(address))
    assert found is not None
    return found[1]


def test_from_the_first_word_to_the_answer(make_town: MakeTown) -> None:
    town = make_town()

    def appoint(name: str, *roles: Role) -> Desk:
        return make_official(town.app, town.services, town.clock, name, *roles)

    creator = town.visitor()
    write(creator)
    # Whoever opens the link only looks; the button confirms.
    link = town.link_to(CREATOR, "/confirm/")
    assert "Press the button" in town.visitor().get(link)
    key = newest(town)
    assert view(town, key).state is State.DRAFT
    assert creator.submit(link).endswith("/petitions/mine")
    page = creator.get("/en/petitions/mine")
    assert "5 more supporters are needed" in page
    assert town.visitor().get(f"/en/petitions/{key}", 404)
    invited = invitation(town, creator)
    for number in range(5):
        assert view(town, key).state is State.COLLECTING
        support(town, invited, number)
    assert view(town, key).state is State.MODERATION
    assert "is being checked" in town.mails(CREATOR)[0].subject

    moderator = appoint("Moderator One", Role.MODERATOR).sign_in()
    place = f"/admin/participation/petitions/{key}"
    assert TEXT["title"] in moderator.get("/admin/participation/petitions/")
    assert moderator.post(place, revision=revision(moderator, place), act="approve", signing="mail").status_code == 303
    assert view(town, key).state is State.OPEN
    public = town.visitor().get(f"/en/petitions/{key}")
    assert TEXT["details"] in public
    assert "Moderator One" in public
    assert TEXT["title"] in town.visitor().get("/en/petitions/")

    counted(town, key, 10_000)
    assert "Officials owe an answer" in town.visitor().get(f"/en/petitions/{key}")
    responder = appoint("Responder One", Role.RESPONDER).sign_in()
    fields = {"office": "Town council", "summary": "We will build it.", "text": "Next year, with a ramp."}
    answer = responder.post(f"{place}/answer", revision=revision(responder, f"{place}/answer"), **fields)
    assert answer.status_code == 303
    assert "with a ramp" in town.visitor().get(f"/en/petitions/{key}")

    counted(town, key, 100_000)
    said = {"outcome": "scheduled", "day": "2026-04-01", "text": "In the great hall."}
    page_of_debate = f"{place}/debate"
    answer = responder.post(page_of_debate, revision=revision(responder, page_of_debate), **said)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert "It will be debated on" in town.visitor().get(f"/en/petitions/{key}")

    town.clock.forward(days=200)
    town.run_jobs()
    assert view(town, key).state is State.CLOSED
    assert "takes no signatures any more" in town.visitor().get(f"/en/petitions/{key}")
    history = town.visitor().client.get(f"/petitions/{key}.json").get_json()["history"]
    assert [one["what"] for one in history] == [
        "approved",
        "response-owed",
        "answered",
        "debate-owed",
        "debate-scheduled",
        "closed",
    ]


def test_persian_is_written_found_and_shown(town: Town) -> None:
    key, _ = moderation(town, PERSIAN)
    assert view(town, key).title == PERSIAN["title"]
    assert view(town, key).state is State.MODERATION


def test_what_was_typed_is_kept_between_the_steps_and_after_an_error(town: Town) -> None:
    visitor = town.visitor()
    visitor.submit("/en/petitions/new/title", title=TEXT["title"])
    refused = visitor.post("/en/petitions/new/text", background="", details="x" * 2000)
    assert refused.status_code == 422
    assert "x" * 2000 in refused.get_data(as_text=True)
    visitor.submit("/en/petitions/new/text", background=TEXT["background"], details=TEXT["details"])
    assert TEXT["details"] in visitor.get("/en/petitions/new/text")
    assert TEXT["title"] in visitor.get("/en/petitions/new")
    wrong = visitor.post("/en/petitions/new/you", name="Alex", mail="no address")
    assert wrong.status_code == 422
    assert "no address" in wrong.get_data(as_text=True)


def test_a_stranger_sees_no_draft(town: Town) -> None:
    visitor = town.visitor()
    visitor.submit("/en/petitions/new/title", title=TEXT["title"])
    stranger = Visitor(town.app)
    for step in ("similar", "text", "you", "check", "sent"):
        answer = stranger.client.get(f"/en/petitions/new/{step}")
        assert (answer.status_code, answer.location) == (303, "/en/petitions/new")


def test_a_petition_that_finds_no_supporters_lapses(town: Town) -> None:
    creator = town.visitor()
    write(creator)
    creator.submit(town.link_to(CREATOR, "/confirm/"))
    key = newest(town)
    town.clock.forward(days=91)
    town.run_jobs("petitions.clock")
    assert (view(town, key).state, view(town, key).life.reason) == (State.STOPPED, "supporters")
    page = town.visitor().get(f"/en/petitions/{key}")
    assert TEXT["title"] not in page  # nobody has checked its text
    assert "It did not find enough supporters in time." in page


def test_drafts_that_nobody_confirms_are_erased(town: Town) -> None:
    visitor = town.visitor()
    write(visitor)
    key = newest(town)
    town.clock.now += timedelta(days=31)
    town.run_jobs("petitions.clock")
    with town.services.database.reading() as session:
        from participation.petitions.models import Petition

        assert session.get(Petition, key) is None


@pytest.mark.postgresql
def test_the_same_on_postgresql(make_town: MakeTown, postgres_url: str) -> None:
    town = make_town("[petitions]\nsupporters = 1\n", database_url=postgres_url)
    key, creator = opened(town, PERSIAN)
    town.run_jobs("petitions.clock")
    Counter(town.ports).drain()
    counted(town, key, 10_000)
    with town.app.test_request_context("/"):
        respond(town.ports, Moderator(), key, view(town, key).revision, "Council", "We will.", "Next year.")
        town.clock.forward(days=1)
        note_outage(town.ports, Moderator(), town.clock.now.date(), "The mail server was down.")
    page = town.visitor().get(f"/en/petitions/{key}")
    assert 'count-number">2<' in page
    assert "We will." in page
    for query in ("?q=رودخانه", "?state=answered&sort=closing", "?state=all&sort=newest", "?state=archived"):
        assert (PERSIAN["title"] in town.visitor().get(f"/fa/petitions/{query}")) is ("archived" not in query)
    creator.submit("/en/petitions/mine", title="News", text="The council has answered.")
    town.clock.forward(hours=30)
    town.run_jobs()
    assert town.mails("supporter0@example.org")[0].subject == "A petition you signed was answered"
    town.clock.forward(days=200)
    town.run_jobs()
    town.clock.forward(days=200)
    town.run_jobs()
    assert view(town, key).life.erased
