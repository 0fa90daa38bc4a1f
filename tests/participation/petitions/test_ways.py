"""Which ways of signing a site offers, how many at once, and which of them make something owed."""

from collections.abc import Callable

import pytest

from participation.errors import Unacceptable
from participation.petitions.checking import Act, Decision, decide
from participation.petitions.life import Response
from participation.signatures.counter import Counter
from participation.signatures.models import PetitionLog
from tests.support.participation import Town
from tests.support.petitions import Moderator, moderation, opened, view

ELECTION = "00000000-0000-4000-8000-000000000000"


def approve(town: Town, key: str, *signing: str) -> None:
    with town.app.test_request_context("/"):
        roll = ELECTION if "roll" in signing else ""
        decision = Decision(Act.APPROVE, view(town, key).revision, signing=signing, roll_election=roll)
        decide(town.ports, Moderator(), key, decision)


@pytest.mark.parametrize(
    ("rules", "signing", "sentence"),
    [
        ("[signatures]\nways = ['roll', 'oidc']", ("mail",), "at least one way"),
        ("[signatures]\nmost_ways = 1", ("mail", "roll"), "fewer ways"),
        ("[petitions]\ncounted_ways = ['roll']", ("mail",), "towards no answer"),
    ],
)
def test_ways_that_the_rules_forbid_open_nothing(
    make_town: Callable[..., Town], rules: str, signing: tuple[str, ...], sentence: str
) -> None:
    town = make_town(rules)
    key, _ = moderation(town)
    before = view(town, key)
    with pytest.raises(Unacceptable, match=sentence):
        approve(town, key, *signing)
    assert view(town, key) == before


def test_one_way_alone_can_be_chosen(make_town: Callable[..., Town]) -> None:
    town = make_town("[signatures]\nmost_ways = 1\n")
    key, _ = moderation(town)
    approve(town, key, "roll")
    assert view(town, key).signing == ("roll",)


def test_only_the_ways_that_count_make_an_answer_owed(make_town: Callable[..., Town]) -> None:
    town = make_town("[petitions]\nsupporters = 1\nresponse_at = 2\ndebate_at = 50\ncounted_ways = ['mail']\n")
    key, _ = opened(town)
    town.run_jobs("petitions.clock")
    Counter(town.ports).drain()

    def count(mail: int, roll: int) -> Response:
        with town.services.database.writing() as session:
            log = session.get_one(PetitionLog, key)
            log.mail_count, log.roll_count = mail, roll
        town.run_jobs("petitions.clock")
        return view(town, key).life.response

    assert count(1, 5) is Response.NONE
    assert count(2, 4) is Response.AWAITING  # the sum is the same
    assert count(1, 5) is Response.NONE
    page = town.visitor().get(f"/en/petitions/{key}")
    assert "Towards an answer and a debate count: 1." in page
    shown = town.visitor().client.get(f"/petitions/{key}.json").get_json()
    assert (shown["signatures"], shown["signatures_towards_answer"]) == (6, 1)
    assert "counts towards no answer" not in town.visitor().get(f"/en/petitions/{key}/count")  # mail alone is taken
