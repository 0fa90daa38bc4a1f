from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.documents.passages import Anchor, locate, make_anchor, parse_blocks
from tests.participation.consultations.test_consultations import begin, clerk, revision, send
from tests.support.officials import Desk
from tests.support.participation import Town, Visitor

__all__ = ["clerk"]
TakePart = Callable[[str], Visitor]
TEXT = """# The harbour

The quay is rebuilt in 2027. It gets benches. Trees stand along it!

## Traffic
Lorries use the northern gate.
They are weighed there.

No car parks on the quay."""
PART = {
    "kind": "document",
    "title": "The plan of the harbour",
    "opens_at": "2026-03-01 09:00",
    "closes_at": "2026-03-11 09:00",
    "seeds": TEXT,
}


@pytest.fixture
def office(clerk: Desk) -> str:
    """The office's page of a published consultation with a document."""
    place = begin(clerk)
    send(clerk, f"{place}/parts/new", **PART)
    send(clerk, f"{place}/publish")
    return place


@pytest.fixture
def address(office: str) -> str:
    return f"{office.removeprefix('/admin/participation')}/document/1"


def test_blocks_and_sentences() -> None:
    blocks = parse_blocks(TEXT)
    assert [(one.level, one.number) for one in blocks] == [(1, 0), (0, 1), (2, 0), (0, 2), (0, 3)]
    assert blocks[1].sentences == ("The quay is rebuilt in 2027.", "It gets benches.", "Trees stand along it!")
    assert blocks[3].text == "Lorries use the northern gate. They are weighed there."
    assert parse_blocks("درخت می‌کاریم؟ بله. همین.")[0].sentences == ("درخت می‌کاریم؟", "بله.", "همین.")
    assert parse_blocks(" \n\n#\n") == []


def test_anchors_and_where_their_words_went() -> None:
    blocks = parse_blocks(TEXT)
    anchor = make_anchor(blocks, 1, 1, [0, 2])
    assert anchor == Anchor(1, 1, "The quay is rebuilt in 2027. … Trees stand along it!")
    assert make_anchor(blocks, 1, 9, []) is None
    assert make_anchor(blocks, 1, 1, [7]) is None
    assert make_anchor(blocks, 1, 0, []) is None
    moved = parse_blocks("New words first.\n\n" + TEXT.replace("It gets benches. ", ""))
    assert locate(anchor, moved, 2) == 2
    assert locate(Anchor(1, 1, "It gets benches."), moved, 2) is None
    assert Anchor.from_json(anchor.as_json()) == anchor


@given(st.text(alphabet="ab.#\n ", max_size=80))
def test_any_text_has_numbered_paragraphs(text: str) -> None:
    numbers = [one.number for one in parse_blocks(text) if one.number]
    assert numbers == list(range(1, len(numbers) + 1))
    for block in parse_blocks(text):
        assert block.text == " ".join(block.text.split())
        if block.number:
            anchor = make_anchor(parse_blocks(text), 1, block.number, [])
            assert anchor is not None
            assert locate(anchor, parse_blocks(text), 2) is not None


def test_a_passage_is_commented_and_the_document_counts_it(town: Town, address: str, take_part: TakePart) -> None:
    ada = take_part("ada@example.org")
    place = f"{address}/paragraph/1"
    ada.submit(f"{place}/comment", place, sentence=["0", "1"], text="Benches need backs.")
    ada.submit(f"{place}/comment", place, text="The whole of it is good.")
    page = town.visitor().get(address)
    assert "2 comments" in page
    third = f"{address}/paragraph/3"
    ada.submit(f"{third}/comment", third, text="The whole of it is good.")
    assert '1 comment<span class="visually-hidden"> on paragraph 3' in town.visitor().get(address)
    for text in ("👍", "👎", "👎"):
        ada.submit(f"{third}/comment", third, text=text)
    assert '3 comments<span class="visually-hidden"> on paragraph 3' in town.visitor().get(address)
    assert '2 comments<span class="visually-hidden"> on paragraph 1' in page
    with town.queries() as asked:
        page = town.visitor().get(place)
    anchors = [one for one in asked if "anchor" in one and "contributions.text" not in one]
    assert len(anchors) == 1, "all comments are placed once"
    assert "The quay is rebuilt in 2027. It gets benches." in page
    assert "Benches need backs." in page


@pytest.mark.parametrize(
    ("fields", "status", "sentence"),
    [
        ({"text": ""}, 422, "Write your comment"),
        ({"text": "x", "sentence": "9"}, 404, "no such passage"),
        ({"text": "x", "sentence": str(10**30)}, 404, "no such passage"),
        ({"text": "x", "version": str(10**30)}, 422, "The document was changed meanwhile"),
        ({"text": "x", "version": "7"}, 422, "The document was changed meanwhile"),
    ],
)
def test_a_comment_that_fits_nothing(
    town: Town, address: str, take_part: TakePart, fields: dict[str, str], status: int, sentence: str
) -> None:
    ada, place = take_part("ada@example.org"), f"{address}/paragraph/1"
    answer = ada.post(f"{place}/comment", place, **fields)
    assert answer.status_code == status
    assert sentence in answer.get_data(as_text=True)
    assert ada.client.get(f"{address}/paragraph/9").status_code == 404
    assert "1 comment" not in town.visitor().get(address)
    for query in (f"?version={10**30}", f"/changes?from={10**30}&to={10**30}"):
        assert "The harbour" in town.visitor().get(f"{address}{query}")


def test_comments_follow_their_words_into_a_new_version(
    town: Town, clerk: Desk, office: str, address: str, take_part: TakePart
) -> None:
    ada, place = take_part("ada@example.org"), f"{address}/paragraph/1"
    ada.submit(f"{place}/comment", place, sentence=["0"], text="Why so late?")
    ada.submit(f"{place}/comment", place, sentence=["1"], text="Benches need backs.")
    version = f"{office}/parts/1/version"
    new = TEXT.replace("It gets benches. ", "").replace("# The harbour", "# The harbour\n\nA new beginning.")
    for fields in ({"text": TEXT, "note": "Nothing at all."}, {"text": " ", "note": REASON}, {"text": new, "note": ""}):
        assert clerk.post(version, **fields).status_code == 422
    assert clerk.post(version, text=new, note=REASON).status_code == 303
    page = town.visitor().get(address)
    assert '1 comment<span class="visually-hidden"> on paragraph 2' in page
    assert "Comments on words that this version has not" in page
    assert "Benches need backs." in page
    changes = town.visitor().get(f"{address}/changes")
    assert "<del>" in changes
    assert "<ins>" in changes
    assert REASON in changes
    assert "This is an earlier version." in town.visitor().get(f"{address}?version=1")
    town.visitor().get(f"{address}?version=9", 404)
    for odd in ("from=9", "to=x", "from=1&to=1"):
        town.visitor().get(f"{address}/changes?{odd}")


REASON = "People asked for a beginning that says why."


def test_a_document_part_needs_its_document(clerk: Desk) -> None:
    place = begin(clerk)
    send(clerk, f"{place}/parts/new", **{**PART, "seeds": ""})
    answer = clerk.post(f"{place}/publish", revision=revision(clerk, f"{place}/publish"))
    assert "has no document yet" in answer.get_data(as_text=True)
    send(clerk, f"{place}/parts/1", **PART)
    assert "No car parks" in clerk.get(f"{place}/parts/1")
    send(clerk, f"{place}/publish")
