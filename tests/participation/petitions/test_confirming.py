"""The link that confirms a creator's address confirms what was written when it was mailed, and nothing else."""

import pytest

from participation.petitions.life import State
from tests.support.participation import Town
from tests.support.petitions import CREATOR, TEXT, newest, view, write

VICTIM = "victim@example.org"


@pytest.mark.parametrize(
    ("step", "changed"),
    [
        ("you", {"name": "Victim Doe", "mail": VICTIM}),
        ("text", {"background": "Something else.", "details": TEXT["details"]}),
        ("title", {"title": "Build a wall along the river at the mill"}),
    ],
)
def test_whatever_is_changed_after_the_mail_ends_its_link(town: Town, step: str, changed: dict[str, str]) -> None:
    creator = town.visitor()
    write(creator)
    link = town.link_to(CREATOR, "/confirm/")

    creator.submit(f"/en/petitions/new/{step}", **changed)

    assert "works no more" in creator.get("/en/petitions/new/check")
    assert "works no more" in town.visitor().get(link, 410)
    assert view(town, newest(town)).state is State.DRAFT
    # A new link is mailed at once, to the address that stands there now, and works.
    assert creator.submit("/en/petitions/new/check").endswith("/petitions/new/sent")
    to = changed.get("mail", CREATOR)
    fresh = town.link_to(to, "/confirm/")
    assert fresh != link
    creator.submit(fresh)
    assert view(town, newest(town)).state is not State.DRAFT


def test_what_stays_the_same_leaves_the_link_as_it_was(town: Town) -> None:
    creator = town.visitor()
    write(creator)
    creator.submit("/en/petitions/new/you", name="Alex Doe", mail=CREATOR)
    assert "works no more" not in creator.get("/en/petitions/new/check")
    creator.submit(town.link_to(CREATOR, "/confirm/"))
    assert view(town, newest(town)).state is not State.DRAFT


def test_links_that_were_ended_count_among_the_five_mails_of_a_day(town: Town) -> None:
    creator = town.visitor()
    write(creator)
    for number in range(4):
        creator.submit("/en/petitions/new/you", name="Alex Doe", mail=f"victim{number}@example.org")
        creator.submit("/en/petitions/new/check")
    creator.submit("/en/petitions/new/you", name="Alex Doe", mail=VICTIM)
    refused = creator.post("/en/petitions/new/check")
    assert refused.status_code == 422
    assert "Five mails were sent" in refused.get_data(as_text=True)
    assert town.mails(VICTIM) == []
