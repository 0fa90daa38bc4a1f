"""Texts in one normal form: both ways of writing Persian, bidi tricks, controls, canonical mail addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.text import canonical_mail, is_blank, one_line, paragraphs, parse_mail, search_key, split_key


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  two   words ", "two words"),
        ("علي كاظمي", "علی کاظمی"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("evil\u202etxt.exe", "eviltxt.exe"),
        ("\u2066isolated\u2069\u200f\ufeff", "isolated"),
        ("nul\0and\x1bescape", "nulandescape"),
        ("line\nbreak", "line break"),
        ("joined\u200c\u200c\u200c\u200ctwice", "joined\u200ctwice"),
        ("Z" + "\u0301" * 40, "Ź" + "\u0301" * 4),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_one_line(typed: str, kept: str) -> None:
    assert one_line(typed) == kept


def test_paragraphs_keep_their_lines() -> None:
    assert paragraphs("one\r\ntwo\r\r\r\n\n\nthree  four\n") == "one\ntwo\n\nthree four"


@given(st.text())
def test_normal_forms_are_final_and_hold_no_control(text: str) -> None:
    for form in (one_line, paragraphs):
        once = form(text)
        assert form(once) == once
        assert not any(one in once for one in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\0\r")
    assert search_key(search_key(text)) == search_key(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("كتابخانۀ محلّه", "کتابخانه محله"),
        ("می‌خواهیم", "میخواهیم"),
        ("شمارهٔ ۱۲", "شماره ١٢"),
        ("ÉCOLE", "école"),
        ("ecole", "école"),
        ("ﻣﺪرسه", "مدرسه"),
        ("مسئول", "مسیول"),
    ],
)
def test_variants_are_one_for_the_search(one: str, other: str) -> None:
    assert search_key(one) == search_key(other)


def test_a_half_space_is_no_letter_and_can_part_words() -> None:
    assert search_key("کتابخانه‌ها") == "کتابخانهها"
    assert split_key("کتابخانه‌ها") == split_key("کتابخانه ها") == "کتابخانه ها"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann.Lee+petition@GMail.com", "annlee@googlemail.com"),
        ("ann+1@outlook.com", "ann@hotmail.com"),
        ("ANN@example.org", "ann@EXAMPLE.org"),
        ("ann@pm.me", "ann@protonmail.com"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
    ],
)
def test_addresses_of_one_mailbox(one: str, other: str) -> None:
    assert canonical_mail(one) == canonical_mail(other)


def test_other_mailboxes_stay_apart() -> None:
    assert canonical_mail("ann.lee@example.org") != canonical_mail("annlee@example.org")
    assert canonical_mail("ann+1@example.org") != canonical_mail("ann@example.org")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ann",
        "ann@",
        "@example.org",
        "ann@example",
        "a b@example.org",
        "ann@example..org",
        "<ann@example.org>",
        "a" * 260 + "@example.org",
        "ann@exa\u202emple.org,bob@example.org",
        "ann@example.org\uff20other.org",  # NFKC makes a second @ of it
        "ann@example\uff0fother.org",
        "ann@exam_ple.org",
        "ann@-example.org",
        "ann@example-.org",
    ],
)
def test_what_is_no_address(typed: str) -> None:
    assert parse_mail(typed) is None


def test_invisible_signs_in_an_address_are_dropped() -> None:
    assert parse_mail("\u202eann@Example.org\u200f ") == "ann@example.org"


@pytest.mark.parametrize(
    "typed",
    [
        "ann@\uff45\uff58\uff41\uff4d\uff50\uff4c\uff45.org",
        "ann@example\uff0eorg",
        "ann@example\u3002org",
        "ann@EXAMPLE.org",
    ],
)
def test_one_domain_has_one_spelling(typed: str) -> None:
    assert parse_mail(typed) == "ann@example.org"


def test_what_shows_nothing() -> None:
    assert is_blank(" \u200c\u3164\u00a0") or is_blank(" \u200c\u00a0")
    assert not is_blank("؟")
