"""A mail as it is written out: one recipient, no line that was not meant, both directions right."""

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest

from evote.mail.composing import AddressError, compose, direction_of, html_of, one_address
from evote.mail.outbox import Mail

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PERSIAN = "رأی بدهید.\n\nhttps://vote.example/fa/elections/1\n\nVote, <please> & soon."


def written(mail: Mail) -> bytes:
    return bytes(compose(mail, "<one@vote.example>", "vote@example.org"))


def test_persian_survives_the_way_and_says_its_direction() -> None:
    data = written(Mail("jan@example.org", "رأی‌گیری آغاز شد: تراموا", PERSIAN, NOW))
    assert data.isascii(), "any server takes it"
    assert max(map(len, data.split(b"\r\n"))) <= 78
    message = message_from_bytes(data, policy=policy.default)
    assert message["Subject"] == "رأی‌گیری آغاز شد: تراموا"
    assert message["Message-ID"] == "<one@vote.example>"
    assert message["Date"].datetime == NOW
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().splitlines() == PERSIAN.splitlines()
    assert '<p dir="rtl">رأی بدهید.</p>' in html.get_content()
    assert '<a dir="ltr" href="https://vote.example/fa/elections/1">' in html.get_content()
    assert '<p dir="ltr">Vote, &lt;please&gt; &amp; soon.</p>' in html.get_content()


def test_a_mail_that_runs_from_left_to_right_is_plain_text_alone() -> None:
    message = message_from_bytes(written(Mail("jan@example.org", "Vote", "Please.", NOW)), policy=policy.default)
    assert message.get_content_type() == "text/plain"


@pytest.mark.parametrize("subject", ["Vote\r\nBcc: all@example.org", "Vote\nX: y", "Vote\x0bBcc: x@y.org", "a\x85b: c"])
def test_no_subject_makes_a_header(subject: str) -> None:
    message = message_from_bytes(written(Mail("jan@example.org", subject, "x", NOW)), policy=policy.default)
    assert (message["Bcc"], message["X"]) == (None, None)
    assert message["Subject"].startswith(("Vote ", "a b"))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "jan",
        "jan@",
        "@example.org",
        "a@example.org, b@example.org",
        "a@example.org\r\nBcc: b@example.org",
        "Jan <jan@example.org>",
        "a@b@example.org",
        "a;b@example.org",
        "جان,b@example.org",
        f"{'x' * 320}@example.org",
    ],
)
def test_only_one_plain_address_is_a_recipient(address: str) -> None:
    with pytest.raises(AddressError):
        one_address(address)


def test_domains_of_other_alphabets_are_written_in_ascii() -> None:
    assert one_address("jan@bücher.example").addr_spec == "jan@xn--bcher-kva.example"


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("سلام", "rtl"),
        ("Hello", "ltr"),
        ("«A» سلام", "ltr"),
        ("۱۲ ۳", "ltr"),
        ("– ۱. رأی", "rtl"),
        ("https://vote.example/fa", "ltr"),
        ("https://vote.example/fa را ببینید", "rtl"),
        ("", "ltr"),
    ],
)
def test_a_paragraph_runs_as_its_first_letter_does(text: str, direction: str) -> None:
    assert direction_of(text) == direction


def test_a_link_ends_before_the_full_stop() -> None:
    assert ">https://vote.example/x</a>." in html_of("See https://vote.example/x.")
    assert html_of('"https://a.example/"><script>').count("<script>") == 0
