import re
from collections.abc import Callable
from math import isqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from evote.admin.roles import Role
from participation.consultations.kinds import Moment as Standing
from participation.consultations.kinds import PhaseKind
from participation.consultations.queries import PhaseView
from participation.contributions.differences import MOST_PAIRS, Piece, compare_texts
from participation.contributions.kinds import ContributionKind, Reason
from participation.contributions.models import Contribution
from participation.contributions.threads import PAGE, REPLIES, Sorting, list_threads
from participation.contributions.writing import NewContribution, contribute
from participation.moderation.deciding import Target, decide
from tests.participation.consultations.conftest import phase_of
from tests.support.officials import Desk
from tests.support.participation import Town, Visitor, hidden_fields

Consult = Callable[..., str]
TakePart = Callable[[str], Visitor]
PROPOSAL = {"title": "A ferry to the island", "text": "Every hour, from six until midnight."}


def newest(town: Town) -> int:
    with town.services.database.reading() as session:
        return session.scalars(select(Contribution.id).order_by(Contribution.id.desc())).first() or 0


def test_a_comment_a_reply_and_a_reply_to_the_reply(town: Town, consult: Consult, take_part: TakePart) -> None:
    address, ada, bo = consult(PhaseKind.DISCUSSION), take_part("ada@example.org"), take_part("bo@example.org")
    assert "Nobody has written anything yet." in ada.get(address)
    assert ada.submit(f"{address}/write", text="The last bus leaves too early.").endswith("#c1")
    assert bo.submit("/contributions/1/reply", text="True on Fridays.").endswith("/contributions/1#c2")
    ada.submit("/contributions/2/reply", text="On Sundays too.")
    page = town.visitor().get(address)
    places = [page.index(words) for words in ("leaves too early", "True on Fridays", "On Sundays too")]
    assert places == sorted(places)
    with town.services.database.reading() as session:
        assert session.scalars(select(Contribution.parent_id).order_by(Contribution.id)).all() == [None, 1, 1]


def test_proposals_are_supported_once_and_sorted_by_it(town: Town, consult: Consult, take_part: TakePart) -> None:
    address, ada, bo = consult(PhaseKind.PROPOSALS), take_part("ada@example.org"), take_part("bo@example.org")
    first = ada.submit(f"{address}/write", **PROPOSAL)
    ada.submit(f"{address}/write", title="Benches", text="Along the quay.")
    for visitor in (ada, ada, bo):
        visitor.submit(f"{first}/support", first, wanted="yes")
    page = town.visitor().get(address)
    assert page.index("A ferry to the island") < page.index("Benches")
    assert "2 people stand behind it" in page
    page = town.visitor().get(f"{address}?sort=newest")
    assert page.index("A ferry to the island") > page.index("Benches")
    bo.submit(f"{first}/support", first, wanted="no")
    assert "1 person stands behind it" in town.visitor().get(first)


def test_while_results_are_sealed_nothing_tells_who_is_supported(
    town: Town, consult: Consult, take_part: TakePart, appoint: Callable[..., Desk]
) -> None:
    address, ada, bo = consult(PhaseKind.PROPOSALS, sealed=True), take_part("ada@example.org"), town.visitor()
    first = ada.submit(f"{address}/write", **PROPOSAL)
    amendment = ada.submit(f"{address}/amend/1", text="Every half hour, from six until midnight.")
    ada.submit(f"{address}/write", title="Benches", text="Along the quay.")
    for place in (first, amendment):
        assert "No longer stand behind it" not in ada.get(place)
        ada.submit(f"{place}/support", place, wanted="yes")
        assert "No longer stand behind it" in ada.get(place)  # one's own click is no secret to oneself
    for visitor in (ada, bo, appoint("clerk", *Role).sign_in()):
        for page in (visitor.get(first), visitor.get(address), visitor.get(f"{address}?sort=supported")):
            assert "stands behind it" not in page
            assert "sealed until this part closes" in page
    page = bo.get(f"{address}?sort=supported")
    assert page.index("Benches") < page.index("A ferry to the island")
    assert "Most supported" not in page
    listed = town.app.test_client().get("/data/contributions.json").get_json()["rows"]
    assert [one["supports"] for one in listed] == [None, None, None]
    town.clock.forward(days=11)
    page = bo.get(address)
    assert page.index("A ferry to the island") < page.index("Benches")
    assert page.count("1 person stands behind it") == 1
    assert bo.get(first).count("1 person stands behind it") == 2
    listed = town.app.test_client().get("/data/contributions.json").get_json()["rows"]
    assert [one["supports"] for one in listed] == [1, 1, 0]


def test_a_name_goes_with_the_text_that_is_taken_down(town: Town, consult: Consult, take_part: TakePart) -> None:
    address, ada = consult(PhaseKind.DISCUSSION), take_part("ada@example.org")
    ada.submit("/me/", name="Buy Watches")
    ada.submit(f"{address}/write", text="The last bus leaves too early.")
    assert "Buy Watches" in town.visitor().get(address)
    with town.services.database.writing() as session:
        decide(session, town.ports, [Target(1, 0)], show=False, reason=Reason.ADVERTISING, note="", by="Mo")
    for place in (address, "/contributions/1"):
        assert "Buy Watches" not in town.visitor().get(place)
        assert "A participant" in town.visitor().get(place)


def test_an_amendment_shows_what_it_changes(town: Town, consult: Consult, take_part: TakePart) -> None:
    address, ada, bo = consult(PhaseKind.PROPOSALS), take_part("ada@example.org"), take_part("bo@example.org")
    first = ada.submit(f"{address}/write", **PROPOSAL)
    number = first.rsplit("/", 1)[1]
    assert PROPOSAL["text"] in bo.get(f"{address}/amend/{number}")
    amendment = bo.submit(f"{address}/amend/{number}", text="Every half hour, from six until midnight.")
    page = town.visitor().get(amendment)
    assert re.search(r"<ins>\s*half\s*</ins>", page)
    assert "Amendment, number" in town.visitor().get(first)
    town.visitor().get(amendment)
    assert bo.client.get(f"{address}/amend/99").status_code == 404
    assert bo.client.get(f"{address}/amend/{amendment.rsplit('/', 1)[1]}").status_code == 404


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": "", "text": "x"}, "Give your proposal a title"),
        ({"title": "x" * 201, "text": "x"}, "too long"),
        ({"title": "x", "text": ""}, "Write something first"),
        ({"title": "x", "text": "y" * 5001}, "too long"),
    ],
)
def test_a_proposal_that_makes_no_sense(
    town: Town, consult: Consult, take_part: TakePart, fields: dict[str, str], sentence: str
) -> None:
    address, ada = consult(PhaseKind.PROPOSALS), take_part("ada@example.org")
    answer = ada.post(f"{address}/write", **fields)
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)
    assert newest(town) == 0


def test_nobody_answers_statements_what_is_gone_or_what_is_closed(
    town: Town, consult: Consult, take_part: TakePart
) -> None:
    consult()
    ada = take_part("ada@example.org")
    assert ada.client.get("/contributions/1/reply").status_code == 409
    address = consult(PhaseKind.DISCUSSION, days=1)
    ada.submit(f"{address}/write", text="The last bus leaves too early.")
    number = newest(town)
    assert ada.client.get("/contributions/99/reply").status_code == 404
    assert "/me/sign-in" in town.visitor().get(f"/contributions/{number}/reply", 303)
    ada.submit(f"/contributions/{number}/withdraw", f"/contributions/{number}")
    assert ada.client.get(f"/contributions/{number}/reply").status_code == 404
    assert "Who wrote this took it back." in town.visitor().get(address)
    ada.submit(f"{address}/write", text="One more.")
    town.clock.forward(days=2)
    assert ada.client.get(f"/contributions/{newest(town)}/reply").status_code == 409


def test_what_was_typed_when_the_part_closed_is_kept(town: Town, consult: Consult, take_part: TakePart) -> None:
    ada, forms = take_part("ada@example.org"), []
    for kind in (PhaseKind.DISCUSSION, PhaseKind.PROPOSALS, PhaseKind.STATEMENTS):
        address = consult(kind, days=1)
        forms.append((f"{address}/write", hidden_fields(ada.get(f"{address}/write"))))
    ada.submit(f"{address}/write", text="Ferries are forgotten.")
    own = f"/contributions/{newest(town)}/edit"
    forms.append((own, hidden_fields(ada.get(own))))
    town.clock.forward(days=2)
    before = newest(town)
    for place, hidden in forms:
        fields = {**hidden, "title": "Late", "text": "Typed for an hour, and sent too late."}
        answer = ada.client.post(place, data=fields)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422, place
        assert "is closed. What you sent was not taken." in page
        assert "Typed for an hour, and sent too late." in page
        assert ada.client.get(place).status_code == 409
    assert newest(town) == before
    assert "Ferries are forgotten." in ada.get(own.removesuffix("/edit"))


def test_a_long_discussion_is_paged_and_asks_the_database_a_few_times(town: Town, consult: Consult) -> None:
    address = consult(PhaseKind.DISCUSSION)
    phase = phase_of(town, address)
    with town.services.database.writing() as session:
        for number in range(150):
            new = NewContribution(ContributionKind.COMMENT, f"Comment number {number} of many.")
            made = contribute(session, town.ports, phase, None, new)
            for reply in range(7 if number == 149 else 1):
                text = f"Reply {reply} to {number}."
                contribute(
                    session, town.ports, phase, None, NewContribution(ContributionKind.COMMENT, text, parent_id=made.id)
                )
    with town.queries() as asked:
        page = town.visitor().get(address)
    assert len(re.findall(r"Comment number \d+ of many", page)) == PAGE
    assert page.count("to 149.") == REPLIES
    assert "2 more replies" in page
    assert "Page 1 of 8" in page
    assert len([one for one in asked if one.startswith("SELECT")]) < 15
    assert "Comment number 0 of many" in town.visitor().get(f"{address}?page=8")
    with town.services.database.reading() as session:
        part = PhaseView(phase, Standing.OPEN)
        for sorting in Sorting:
            threads, total = list_threads(session, part, ContributionKind.COMMENT, sorting=sorting)
            assert (len(threads), total) == (PAGE, 150)
        threads, _ = list_threads(session, part, ContributionKind.COMMENT, sorting=Sorting.DISCUSSED)
        assert (len(threads[0].replies), threads[0].more) == (5, 2)


def test_scripts_in_comments_are_texts(town: Town, consult: Consult, take_part: TakePart) -> None:
    address, ada = consult(PhaseKind.DISCUSSION), take_part("ada@example.org")
    ada.submit("/me/", name="<b>Ada</b>\u202e")
    ada.submit(f"{address}/write", text="<script>alert(1)</script> \u202egro")
    page = town.app.test_client().get(address).get_data(as_text=True)
    assert "<script>alert" not in page
    assert "<b>Ada" not in page
    assert "\u202e" not in page


@given(st.text(max_size=60), st.text(max_size=60))
def test_pieces_give_both_texts(before: str, after: str) -> None:
    pieces = compare_texts(before, after)
    assert "".join(one.text for one in pieces if one.kind != "new") == before
    assert "".join(one.text for one in pieces if one.kind != "gone") == after


def test_spaces_before_words_make_no_others_of_them() -> None:
    assert compare_texts("We plant.\n\nEnd", "We  plant.\n\nAn oak.\n\nEnd now") == [
        Piece("same", "We"),
        Piece("gone", " "),
        Piece("new", "  "),
        Piece("same", "plant."),
        Piece("new", "\n\nAn oak."),
        Piece("same", "\n\nEnd"),
        Piece("new", " now"),
    ]


def test_what_is_too_much_to_compare_word_by_word_is_all_gone_and_all_new() -> None:
    most = isqrt(MOST_PAIRS)
    before, after = "a b " * (most // 2) + "c", "b a " * (most // 2) + "c"
    assert compare_texts(f"top\n{before}\nend", f"top\n{after}\nend") == [
        Piece("same", "top"),
        Piece("gone", f"\n{before}"),
        Piece("new", f"\n{after}"),
        Piece("same", "\nend"),
    ]
    one_less = compare_texts(before.removesuffix(" c"), after.removesuffix(" c"))
    assert [one.kind for one in one_less] == ["new", "same", "gone"]
    lines, others = before.replace(" ", "\n"), after.replace(" ", "\n")
    assert compare_texts(lines, others) == [Piece("gone", lines), Piece("new", others)]
