"""Checkpoints are C2SP signed notes of the board; anything else is refused (section 7)."""

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballots.checkpoint import Head, key_id, parse_checkpoint, sign_checkpoint
from ballots.errors import LogError
from tests.support.elections import seeded_key

ORIGIN = "vote.example/test"
BOARD = seeded_key("board")
ROOT = hashlib.sha256(b"root").digest()
HEAD = Head(42, ROOT)
GOOD = sign_checkpoint(ORIGIN, HEAD, BOARD)


def parse(text: str) -> Head:
    return parse_checkpoint(text, ORIGIN, BOARD.public)


def note(body: str, *lines: str) -> str:
    return f"{body}\n" + "".join(f"{line}\n" for line in lines)


def signed(body: str, *others: str) -> str:
    """Sign any body as the board would."""
    blob = key_id(ORIGIN, BOARD.public_bytes) + BOARD.sign_bytes(body.encode())
    return note(body, f"— {ORIGIN} {base64.b64encode(blob).decode()}", *others)


def sized(size: str) -> str:
    return f"{ORIGIN}\n{size}\n{base64.b64encode(ROOT).decode()}\n"


def unfit(length: int) -> str:
    """Return a signature line of the board's key that is none."""
    return f"— {ORIGIN} {base64.b64encode(key_id(ORIGIN, BOARD.public_bytes) + bytes(length)).decode()}"


BODY = f"{ORIGIN}\n42\n{base64.b64encode(ROOT).decode()}\n"


@given(st.integers(0, 10**15), st.binary(min_size=32, max_size=32))
def test_a_head_comes_back(size: int, root: bytes) -> None:
    head = Head(size, root)
    assert parse(sign_checkpoint(ORIGIN, head, BOARD)) == head


def test_the_form_is_that_of_c2sp() -> None:
    assert signed(BODY) == GOOD
    body, signature = GOOD.split("\n\n")
    assert body.split("\n") == [ORIGIN, "42", base64.b64encode(ROOT).decode()]
    dash, name, blob = signature.removesuffix("\n").split(" ")
    assert (dash, name) == ("\u2014", ORIGIN)
    expected = hashlib.sha256(ORIGIN.encode() + b"\n\x01" + BOARD.public_bytes).digest()[:4]
    assert base64.b64decode(blob)[:4] == expected
    assert len(base64.b64decode(blob)) == 68


def test_witnesses_may_cosign() -> None:
    witness = base64.b64encode(bytes(80)).decode()
    for others in ([f"— witness.example {witness}"], [f"— {ORIGIN} {witness}"], [f"— w {witness}"] * 5):
        assert parse(signed(BODY, *others)) == HEAD
    head, _, signatures = GOOD.partition("\n\n")
    assert parse(f"{head}\n\n— witness.example {witness}\n{signatures}") == HEAD


def test_extension_lines_are_signed_and_ignored() -> None:
    assert parse(signed(BODY + "extension 1\nextension 2\n")) == HEAD


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "three lines"),
        ("\n\n", "three lines"),
        (GOOD.removesuffix("\n"), "three lines"),
        (BODY, "three lines"),
        (GOOD.replace("\n", "\r\n"), "three lines"),
        (GOOD.replace("\n", "\r\n") + "\n\n\n", "control character"),
        (GOOD + "x", "three lines"),
        (GOOD + "\n", "malformed signature line"),
        ("\n" + GOOD, "another log"),
        (signed(f"{ORIGIN}\n42\n"), "three lines"),
        (GOOD.replace("\u2014", "\ud800"), "half of a character"),
        ("A" * 70_000 + GOOD, "three lines"),
        (signed("other.example" + BODY[len(ORIGIN):]), "another log"),
        (signed(sized("042")), "size is not a number below"),
        (signed(sized("-42")), "size is not a number below"),
        (signed(sized("4²")), "size is not a number below"),
        (signed(sized("٤٢")), "size is not a number below"),
        (signed(sized("")), "three lines"),
        (signed(sized("9" * 17)), "size is not a number below"),
        (signed(sized("9007199254740992")), "size is not a number below"),
        (signed(f"{ORIGIN}\n42\nAAAA\n"), "root is not 32 bytes"),
        (signed(f"{ORIGIN}\n42\nroot\u00e9\n"), "malformed base64"),
        (signed(f"{ORIGIN}\n42\n{'-' * 44}\n"), "malformed base64"),
        (signed(f"{ORIGIN}\n42\n{'A' * 43}\n"), "malformed base64"),
        (signed(f"{ORIGIN}\n42\n{'A' * 42}B=\n"), "malformed base64"),
        (signed(BODY + "bad\u0000line\n"), "control character"),
        (note(BODY), "three lines"),
        (note(BODY, "- x AAAA"), "malformed signature line"),
        (note(BODY, "— x"), "malformed signature line"),
        (note(BODY, "— x y AAAA"), "malformed signature line"),
        (note(BODY, "— x+y AAAA"), "malformed signature line"),
        (note(BODY, "— x AAAAA"), "malformed base64"),
        (note(BODY, f"— x {'A' * 5}"), "malformed base64"),
        (note(BODY, "— x AAAA"), "not signed by the board"),
        (note(BODY, GOOD.split("\n\n")[1].replace(ORIGIN, "x").strip()), "not signed by the board"),
        (sign_checkpoint(ORIGIN, HEAD, seeded_key("official")), "not signed by the board"),
        (GOOD.replace("\n42\n", "\n43\n"), "does not fit"),
        (note(BODY, unfit(63)), "length"),
        (note(BODY, unfit(64)), "not fit"),
        (GOOD + unfit(64) + "\n", "not fit"),
    ],
)  # fmt: skip
def test_what_is_not_the_boards_checkpoint(text: str, reason: str) -> None:
    with pytest.raises(LogError, match=reason):
        parse(text)


def test_the_key_must_be_sound() -> None:
    with pytest.raises(LogError, match="public key"):
        parse_checkpoint(GOOD, ORIGIN, "A" * 43)


@given(st.integers(0, len(GOOD.encode()) - 1), st.integers(1, 255))
def test_any_changed_byte_is_refused(place: int, change: int) -> None:
    data = bytearray(GOOD.encode())
    data[place] ^= change
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return
    with pytest.raises(LogError):
        parse(text)


@given(st.text())
def test_any_text_at_all(text: str) -> None:
    for candidate in (text, f"{ORIGIN}\n{text}", f"{ORIGIN}\n5\n{text}\n\n— x AAAA\n", f"{BODY}\n{text}\n"):
        with pytest.raises(LogError):
            parse(candidate)


@pytest.mark.parametrize("text", ["\ud800", f"{ORIGIN}\n5\n\ud800\n\n— \ud800 AAAA\n", BODY + "\n— \ud800 AAAA\n"])
def test_lone_surrogates(text: str) -> None:
    with pytest.raises(LogError):
        parse(text)
