"""In Persian, every page of the exhibition speaks Persian and writes Persian digits."""

import re

import pytest

from tests.support.exhibition import Exhibition, Place, all_places, wrong_forms
from tests.support.persian import ENGLISH, said_on


@pytest.mark.parametrize("place", [*all_places(), *wrong_forms()], ids=str)
def test_people_read_persian_and_persian_digits(exhibition: Exhibition, place: Place) -> None:
    page = exhibition.get(place, "fa")
    assert '<html lang="fa" dir="rtl"' in page
    assert "bootstrap.rtl.min.css" in page or place.address.endswith("/widget")
    assert "bootstrap.min.css" not in page
    said = said_on(page)
    assert len(said) > 3
    assert [one for one in said if re.search("[0-9]", one)] == []
    assert [one for one in said if ENGLISH.search(one)] == []
    assert "%(" not in " ".join(said)
