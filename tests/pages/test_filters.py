"""Numbers, times and texts as people read them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask_babel import force_locale

from evote.pages import filters
from tests.pages.conftest import Gallery

MOMENT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def test_times_are_in_utc_for_people_and_machines(gallery: Gallery) -> None:
    with gallery.app.test_request_context("/"):
        assert filters.when(MOMENT) == '<time datetime="2026-03-04T05:06:07Z">Mar 4, 2026, 05:06 UTC</time>'
        assert "05:06:07 UTC" in filters.exactly("2026-03-04T05:06:07Z")
        assert filters.when(MOMENT.astimezone(timezone(timedelta(hours=3.5)))) == filters.when(MOMENT)


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(days=3, hours=5), "3 days"),
        (timedelta(hours=47), "47 hours"),
        (timedelta(hours=2), "2 hours"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(seconds=-5), "0 minutes"),
    ],
)
def test_lengths_of_time_are_said_roughly(gallery: Gallery, span: timedelta, text: str) -> None:
    with gallery.app.test_request_context("/"):
        assert filters.duration(span) == text


@pytest.mark.parametrize(("count", "text"), [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (105_000_000, "105 MB")])
def test_sizes_are_in_the_unit_a_person_reads(gallery: Gallery, count: int, text: str) -> None:
    with gallery.app.test_request_context("/"):
        assert filters.size(count) == text


def test_shares_have_one_decimal_and_no_share_of_nothing(gallery: Gallery) -> None:
    with gallery.app.test_request_context("/"):
        assert filters.percent(1, 3) == "33.3%"
        assert filters.percent(0, 0) == "–"


def test_texts_fall_back_to_english_and_then_to_any(gallery: Gallery) -> None:
    with gallery.app.test_request_context("/"):
        with force_locale("fa"):
            assert filters.localized({"en": "Yes", "fa": "آری"}) == "آری"
            assert filters.localized({"en": "Yes", "de": "Ja"}).strip("\u2068\u2069") == "Yes"
        assert filters.localized({"de": "Ja"}) == "Ja"
        assert filters.localized({}) == ""
