"""The texts of a mailing: a closed list of placeholders, both directions, and no title that turns anything around."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evote.mailings.texts import (
    PLACEHOLDERS,
    Facts,
    Part,
    Writer,
    encode_texts,
    find_problems,
    languages_of,
    parse_texts,
    plain,
    subject_of,
    text_of,
)

FACTS = Facts(
    election_id="11111111-1111-4111-8111-111111111111",
    title={"fa": "شورای شهر", "en": "Council"},
    opens_at=datetime(2026, 3, 1, 8, tzinfo=UTC),
    closes_at=datetime(2026, 3, 8, 20, tzinfo=UTC),
    address="https://vote.example",
    fingerprint="0ABCD-EFGHJ",
    zone=ZoneInfo("UTC"),
)
EVERY = " | ".join(f"{{{name}}}" for name in PLACEHOLDERS)
PAGE = "elections/11111111-1111-4111-8111-111111111111"


def write(text: str, language: str = "en", facts: Facts = FACTS, voter_id: str = "V-001") -> Part:
    (part,) = Writer({language: {"subject": "{title}", "text": text}}, facts).write(voter_id)
    return part


def test_every_placeholder_is_filled_in_each_languages_own_way() -> None:
    english, persian = write(EVERY).text.split(" | "), write(EVERY, "fa").text.split(" | ")
    assert english == [
        "Council",
        "Mar 1, 2026, 08:00 UTC",
        "Mar 8, 2026, 20:00 UTC",
        f"https://vote.example/en/{PAGE}",
        f"https://vote.example/en/{PAGE}/result",
        "V-001",
        "0ABCD-EFGHJ",
    ]
    assert persian[0] == "شورای شهر"
    assert persian[2].startswith("۱۷ اسفند ۱۴۰۴")
    assert persian[3] == f"https://vote.example/fa/{PAGE}"
    assert persian[5:] == ["V-001", "\u20680ABCD-EFGHJ\u2069"], "a code that begins with a digit is set apart"


def test_times_are_written_in_the_operators_zone() -> None:
    tehran = replace(FACTS, zone=ZoneInfo("Asia/Tehran"))
    text = write("{closes}", "fa", tehran).text
    assert "۲۳:۳۰" in text
    assert "ایران" in text


def test_a_language_that_the_site_does_not_speak_has_links_without_one() -> None:
    part = write("{link} {closes} {title}", "de")
    assert part.text.startswith(f"https://vote.example/{PAGE} 08.03.2026")
    assert part.text.endswith("Council"), "the title is English where there is none in the language"


def test_a_mail_holds_each_language_that_was_written_the_elections_own_first() -> None:
    texts = {one: {"subject": one, "text": f"text {one}"} for one in ("en", "de", "fa")} | {"it": EMPTY}
    assert languages_of(texts, ["fa", "en"]) == ["fa", "en", "de"]
    parts = Writer(texts, FACTS).write("V-001")
    assert subject_of(parts) == "fa · en · de"
    assert text_of(parts) == "text fa\n\n–––\n\ntext en\n\n–––\n\ntext de\n"
    assert [part.direction for part in parts] == ["rtl", "ltr", "ltr"]
    assert parse_texts(encode_texts(texts)) == texts


EMPTY = {"subject": "", "text": ""}


@pytest.mark.parametrize(
    ("subject", "text", "words"),
    [
        ("Hello {name}", "x", "“{name}” is no placeholder"),
        ("Hello", "{}", "“{}” is no placeholder"),
        ("Hello", "{title!r}", "“{title!r}” is no placeholder"),
        ("Hello", "{title.__class__}", "is no placeholder"),
        ("Hello", "{ title }", "is no placeholder"),
        ("Hello", "{{title}}", "A brace stands alone"),
        ("Hello", "a } b", "A brace stands alone"),
        ("Hello", "{title", "A brace stands alone"),
        ("Hello", "https://elsewhere.example/?{voter_id}", "cannot be part of a link"),
        ("Hello", "See {link}?id={voter_id} please", "cannot be part of a link"),
        ("Hello", "elsewhere.example/{voter_id}", "cannot be part of a link"),
        ("Hello", "{voter_id}.elsewhere.example", "cannot be part of a link"),
        ("Hello", "{voter_id}@elsewhere.example", "cannot be part of a link"),
        ("x" * 151, "x", "150 characters at most"),
        ("x", "x" * 8001, "8000 characters at most"),
        ("", "x", "Subject and text belong together"),
        ("x", "", "Subject and text belong together"),
        ("", "", "in one language at least"),
    ],
)
def test_each_fault_has_a_sentence(subject: str, text: str, words: str) -> None:
    (problem,) = find_problems({"en": {"subject": subject, "text": text}})
    assert words in str(problem.error)
    assert problem.language == "en"


def test_good_texts_have_no_problem() -> None:
    around = "({voter_id}), «{voter_id}». Id: {voter_id}; {voter_id}!\n{voter_id}\n{link}/board."
    assert find_problems({"en": {"subject": "{title}", "text": EVERY + around}, "fa": EMPTY}) == []


def test_a_title_turns_nothing_around_and_adds_no_line() -> None:
    wicked = replace(FACTS, title={"en": "Fine\u202e\u2066\r\nBcc: all@example.org\u200f {voter_id}"})
    part = write("{title}!", facts=wicked)
    assert part.text == "Fine Bcc: all@example.org {voter_id}!", "what was filled in is not filled in again"
    assert part.subject == "Fine Bcc: all@example.org {voter_id}"
    assert write("{title}", "fa", wicked).text.startswith("\u2068Fine Bcc")
    assert write("{title}", "fa", wicked).text.endswith("\u2069")


def test_long_titles_are_cut() -> None:
    long = replace(FACTS, title={"en": "x" * 20_000})
    part = write("{title}", facts=long)
    assert (len(part.subject), len(part.text)) == (180, 300)
    assert part.subject.endswith("…")


@given(st.text())
def test_plain_leaves_one_line_without_signs_that_turn_directions(text: str) -> None:
    shown = plain(text)
    assert "\n" not in shown
    assert not set(shown) & set(
        "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\r\0\x85\u2028"
    )
    assert plain(shown) == shown
