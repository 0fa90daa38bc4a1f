import json
from collections.abc import Callable

import pytest

from participation.people.current import local_path
from tests.support.participation import Town, Visitor

Consult = Callable[..., str]
TakePart = Callable[[str], Visitor]


def test_a_wrong_code_an_old_one_and_one_used_twice(town: Town) -> None:
    visitor = town.visitor()
    visitor.submit("/me/sign-in", mail="ada@example.org")
    code = town.mails("ada@example.org")[0].text.splitlines()[2]
    for typed in ("", "1234", "0" * 50):
        assert visitor.post("/me/sign-in/code", code=typed).status_code == 422
    town.clock.forward(minutes=16)
    assert "too old" in visitor.post("/me/sign-in/code", code=code).get_data(as_text=True)
    visitor.submit("/me/sign-in", mail="ada@example.org")
    code = town.mails("ada@example.org")[0].text.splitlines()[2]
    persian = code.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    assert visitor.submit("/me/sign-in/code", code=persian) == "/"
    other = town.visitor()
    other.submit("/me/sign-in", mail="ada@example.org")
    assert other.post("/me/sign-in/code", code=code).status_code == 422


def test_five_wrong_tries_end_a_code_and_five_codes_are_enough(town: Town) -> None:
    visitor = town.visitor()
    for _ in range(7):
        visitor.submit("/me/sign-in", mail="ada@example.org")
    assert len(town.mails("ada@example.org")) == 5
    codes = [mail.text.splitlines()[2] for mail in town.mails("ada@example.org")]
    wrong = next(
        f"{number:08}" for number in range(10) if f"{number:08}" not in {one.replace(" ", "") for one in codes}
    )
    for _ in range(25):
        visitor.post("/me/sign-in/code", code=wrong)
    assert visitor.post("/me/sign-in/code", code=codes[0]).status_code == 422


@pytest.mark.parametrize("mail", ["", "ada", "a@b", "a b@example.org", "x" * 250 + "@example.org"])
def test_what_is_no_address_is_refused(town: Town, mail: str) -> None:
    assert town.visitor().post("/me/sign-in", mail=mail).status_code == 422
    assert town.mails() == []


@pytest.mark.parametrize("typed", ["https://evil.example", "//evil.example", "/\\evil.example", "evil", "/a\nb", ""])
def test_nobody_is_led_off_the_site(typed: str) -> None:
    assert local_path(typed) == "/"


def test_name_copy_and_leaving_for_good(town: Town, consult: Consult, take_part: TakePart) -> None:
    address, visitor = consult(), take_part("ada@example.org")
    visitor.submit("/me/", name="Ada")
    visitor.submit(f"{address}/write", text="Ferries are forgotten.")
    visitor.submit(f"{address}/answer", address, answer="agree")
    data = json.loads(visitor.client.get("/me/data.json").get_data())
    assert (data["mail"], data["name"]) == ("ada@example.org", "Ada")
    assert [one["text"] for one in data["contributions"]] == ["Ferries are forgotten."]
    assert [(one["statement"], one["vote"]) for one in data["votes"]] == [(1, "agree")]
    assert "ada@example.org" in visitor.get("/me/")
    visitor.submit("/me/leave")
    assert "/me/sign-in" in visitor.get("/me/", 303)
    assert "Ferries are forgotten." in town.visitor().get(f"{address}/all")
    page = town.visitor().get(f"/contributions/{data['contributions'][0]['id']}")
    assert "A participant" in page
    assert "Ada" not in page
    again = take_part("ada@example.org")
    assert json.loads(again.client.get("/me/data.json").get_data())["contributions"] == []


def test_signing_out_ends_the_session(town: Town, take_part: TakePart) -> None:
    visitor = take_part("ada@example.org")
    cookie = visitor.client.get_cookie("__Host-evote-person") or visitor.client.get_cookie("evote-person")
    assert cookie is not None
    visitor.submit("/me/sign-out", "/me/")
    visitor.client.set_cookie(cookie.key, cookie.value)
    assert "/me/sign-in" in visitor.get("/me/", 303)


def test_strangers_are_led_to_sign_in(town: Town) -> None:
    for place in ("/me/", "/me/data.json", "/me/leave", "/me/sign-in/code"):
        assert "/me/sign-in" in town.visitor().get(place, 303)
