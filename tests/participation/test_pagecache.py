"""Kept pages: what a query asks for is made anew, and no query gets into what everybody reads."""

from participation.ports import EXTENSION
from tests.support.participation import Town
from tests.support.signing import Signing


def kept_pages(town: Town) -> int:
    return len(town.app.extensions[EXTENSION].memory.get("pages", {}))


def read(town: Town, address: str) -> str:
    answer = town.app.test_client().get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_words_that_are_searched_are_made_each_time_and_never_kept(town: Town) -> None:
    signing = Signing(town)
    signing.open(title="A night bus")
    assert "A night bus" in read(town, "/en/petitions/")
    assert kept_pages(town) == 1

    for number in range(5):
        assert "A night bus" not in read(town, f"/en/petitions/?q=nothing{number}")
        assert "A night bus" not in read(town, f"/en/petitions/?state=closed&sort=newest&page={number + 1}")
    assert kept_pages(town) == 1
    assert "A night bus" in read(town, "/en/petitions/")

    for number in range(3):
        read(town, f"/en/petitions/{signing.petition_id}/signers?after={number}")
    assert kept_pages(town) == 1


def test_what_others_put_behind_a_link_is_kept_for_nobody(town: Town) -> None:
    signing = Signing(town)
    signing.open()
    address = f"/en/petitions/{signing.petition_id}"
    assert "elsewhere1" in read(town, f"{address}?from=elsewhere1")  # the other languages of this very address
    assert kept_pages(town) == 0

    plain = read(town, address)
    assert "elsewhere" not in plain
    assert kept_pages(town) == 1
    assert read(town, f"{address}?from=elsewhere2") == plain
