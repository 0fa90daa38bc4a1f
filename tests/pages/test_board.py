"""The board: its pages, its search, and the proof of an entry."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballots import merkle
from evote.pages.board import left_sides
from tests.pages.conftest import Gallery


def _entries(page: str) -> list[int]:
    return [int(index) for index in re.findall(r'/board/(\d+)"', page)]


def test_the_board_starts_with_its_newest_entries(gallery: Gallery) -> None:
    page = gallery.get(gallery.path("open", "/board"))
    assert _entries(page) == list(range(61, 11, -1))
    assert "62 entries, newest first." in page
    assert "start=0" in page


def test_earlier_entries_are_on_the_next_page(gallery: Gallery) -> None:
    page = gallery.get(gallery.path("open", "/board?start=0"))
    assert _entries(page) == list(range(49, -1, -1))
    assert "Later entries" in page
    assert "Earlier entries" not in page


def test_ballots_that_no_longer_count_are_marked(gallery: Gallery) -> None:
    page = gallery.get(gallery.path("open", "/board?start=0"))
    assert "Replaced by entry 44" in page  # voter 0 cast entries 4 and 44
    assert "Does not count" in page  # voter 20, struck, cast entry 24


def _codes(page: str) -> list[str]:
    return re.findall(r'<span class="tracker">([0-9A-Z-]{29})</span>', page)


def test_a_ballot_is_found_by_tracker_and_by_voter_number(gallery: Gallery) -> None:
    tracker, voter = _codes(gallery.get(gallery.path("open", "/board/4")))[:2]
    for typed in (tracker, tracker.lower(), tracker.replace("-", " ")[:12]):
        assert _entries(gallery.get(gallery.path("open", f"/board?q={typed}"))) == [4]
    assert _entries(gallery.get(gallery.path("open", f"/board?q={voter}"))) == [44, 4]


def test_an_unknown_tracker_says_what_to_do(gallery: Gallery) -> None:
    page = gallery.get(gallery.path("open", "/board?q=ZZZZZ-ZZZZZ"))
    assert "Nothing on the board has a tracker or voter number that begins with ZZZZZ-ZZZZZ." in page
    assert "show it to an observer" in page


def test_what_is_searched_for_is_not_read_as_markup(gallery: Gallery) -> None:
    answer = gallery.client().get(gallery.path("open", "/board?q=<b>x"))
    assert "<b>x" not in answer.get_data(as_text=True)
    assert answer.status_code == 200


@pytest.mark.parametrize("odd", ["start=abc", "start=-5", "start=99999999999999999999", "q=%00", "q=%F0%9F%98%80"])
def test_odd_addresses_are_answered_all_the_same(gallery: Gallery, odd: str) -> None:
    gallery.get(gallery.path("open", f"/board?{odd}"))


def test_a_board_that_has_not_begun_is_empty(gallery: Gallery) -> None:
    assert "The board is empty" in gallery.get(gallery.path("draft", "/board"))


@pytest.mark.parametrize("index", [0, 3, 4, 30, 61])
def test_an_entry_carries_its_proof(gallery: Gallery, index: int) -> None:
    page = gallery.get(gallery.path("open", f"/board/{index}"))
    assert "Root of 62 entries, as signed" in page
    assert f'"index":{index}' in page


def test_a_ballot_page_says_whether_it_counts(gallery: Gallery) -> None:
    assert "the same voter cast a later one" in gallery.get(gallery.path("open", "/board/4"))
    assert "is its voter's latest" in gallery.get(gallery.path("open", "/board/44"))
    assert "the registrar replaced this voter's code" in gallery.get(gallery.path("open", "/board/24"))
    assert "This ballot is counted." in gallery.get(gallery.path("tallied", "/board/4"))
    assert "no ballot is counted" in gallery.get(gallery.path("annulled", "/board/4"))


def test_a_ballot_page_names_what_it_follows_and_its_line_in_the_record(gallery: Gallery) -> None:
    page = gallery.get(gallery.path("open", "/board/44"))
    assert f'href="{gallery.path("open", "/board/4")}"' in page
    assert 'line 41 of <span class="code">ballots/00000.jsonl</span>' in page


def test_an_entry_that_does_not_exist_is_not_found(gallery: Gallery) -> None:
    gallery.get(gallery.path("open", "/board/62"), 404)
    gallery.get(gallery.path("open", "/board/99999999999"), 404)


@given(st.integers(1, 300).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size - 1))))
def test_sides_of_the_path_lead_to_the_root(case: tuple[int, int]) -> None:
    size, index = case
    tree = merkle.MerkleTree()
    leaves = [merkle.leaf_hash(bytes([number % 256, number // 256])) for number in range(size)]
    for leaf in leaves:
        tree.append(leaf)
    current = leaves[index]
    for sibling, on_left in zip(tree.inclusion_proof(index, size), left_sides(index, size), strict=True):
        current = merkle.node_hash(sibling, current) if on_left else merkle.node_hash(current, sibling)
    assert current == tree.root()
