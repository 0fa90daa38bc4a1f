"""The pages of signing: what people see, what scanners cannot do, what officials do."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ballots import codec
from evote.admin.roles import Role
from participation.petitions.models import Petition
from participation.signatures.queries import count_of
from tests.support.officials import Desk
from tests.support.participation import Town, Visitor
from tests.support.signing import LINK, PETITION, Signing
from verifier.petition import check_petition

BASE = f"/petitions/{PETITION}"
GOOD = {"name": "Anna Lee", "mail": "anna@example.org", "region": "IR-23", "postcode": "12345-67890", "consent": "y"}


def send(town: Town, address: str = "192.0.2.1", **fields: str) -> tuple[int, str]:
    """Send the form as a browser without cookies does."""
    answer = town.app.test_client().post(f"{BASE}/sign", data={**GOOD, **fields}, environ_base={"REMOTE_ADDR": address})
    return answer.status_code, answer.get_data(as_text=True)


def link_of(signing: Signing, to: str = "anna@example.org") -> str:
    found = LINK.search(signing.mails(to)[0])
    assert found is not None
    return f"{BASE}/sign/{found[1]}"


def total(signing: Signing) -> int:
    signing.count()
    with signing.town.services.database.reading() as session:
        found = count_of(session, signing.petition_id)
        return found.total if found else 0


def test_the_whole_way_without_script_and_cookies(signing: Signing) -> None:
    town, visitor = signing.town, Visitor(signing.town.app)
    assert "Send me the link" in visitor.get(f"{BASE}/sign")
    assert send(town)[0] == 303
    assert "Check your mail" in visitor.get(f"{BASE}/sign/asked")

    link = link_of(signing)
    for _ in range(3):  # a scanner, a preview, and the person
        assert "One more click" in visitor.get(link)
    assert total(signing) == 0
    assert "you have signed" in visitor.client.post(link).get_data(as_text=True)
    assert "not on the public log yet" in visitor.get(link)
    assert total(signing) == 1

    page = visitor.get(link)
    assert "Your signature is counted." in page
    assert "entry 1 of the public log" in page
    receipt = visitor.client.get(f"{link}/receipt.json")
    assert receipt.headers["Content-Disposition"].startswith("attachment")
    assert json.loads(receipt.data)["logged"][0]["index"] == 1

    assert visitor.client.post(f"{link}/withdraw").status_code == 303
    signing.count()
    page = visitor.get(link)
    assert "This signature does not count" in page
    assert "taken back by the signer" in page
    assert "entry 2 of the log" in page
    assert total(signing) == 0


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Enter your name."),
        ("name", "\u200b\u202e", "Enter your name."),
        ("name", "12345", "Enter your name."),
        ("name", "A" * 101, "100 characters or fewer"),
        ("name", "Buy at https://example.org", "without any address"),
        ("mail", "nobody", "Enter a mail address"),
        ("mail", "a@b@example.org", "Enter a mail address"),
        ("mail", "a@example.org\r\nBcc: b@example.org", "Enter a mail address"),
        ("region", "", "Choose where you live."),
        ("region", "XX-99", "Choose where you live."),
        ("postcode", "1", "Enter your postcode."),
        ("postcode", "1" * 400, "Enter your postcode."),
        ("consent", "", "Tick the box"),
    ],
)
def test_mistakes_in_the_form_are_said_and_change_nothing(signing: Signing, field: str, value: str, said: str) -> None:
    status, page = send(signing.town, **{field: value})

    assert status == 422
    assert said in page
    assert signing.town.mails() == []


def test_script_and_bidi_tricks_in_a_name_are_shown_as_plain_text(signing: Signing) -> None:
    name = "<script>alert(1)</script>\u202eeve\u202c"
    send(signing.town, name=name, show_name="y")
    signing.town.app.test_client().post(link_of(signing))
    signing.count()

    page = signing.town.app.test_client().get(f"{BASE}/signers").get_data(as_text=True)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;eve" in page
    assert "\u202e" not in page


def test_the_answer_is_the_same_for_whoever_has_signed(signing: Signing) -> None:
    first = send(signing.town)
    signing.town.app.test_client().post(link_of(signing))

    assert send(signing.town, address="192.0.2.9") == first
    assert "signed already" in signing.mails("anna@example.org")[0]


def test_bots_get_the_same_answer_and_their_surplus_waits_for_review(
    signing: Signing, appoint: Callable[..., Desk]
) -> None:
    for number in range(4):
        mail = f"bot{number}@example.org"
        assert send(signing.town, name=f"Bot {chr(65 + number)}", mail=mail)[0] == 303
        assert "you have signed" in signing.town.app.test_client().post(link_of(signing, mail)).get_data(as_text=True)
    assert total(signing) == 1

    desk = appoint("Mina", Role.MODERATOR)
    desk.sign_in()
    assert "Signatures kept back for review" in desk.get("/admin/participation/petitions/")
    assert "3 kept back for review" in desk.get(f"/admin/participation/petitions/{PETITION}")
    address = f"/admin/participation/petitions/{PETITION}/signatures/"
    page = desk.get(address)
    assert all(f"bot{number}@example.org" in page for number in (1, 2, 3))
    assert "bot0@example.org" not in page

    def settle(**fields: Any) -> None:
        assert desk.post(address, **fields).status_code == 303

    numbers = [row.split('"')[0] for row in page.split('name="signature" value="')[1:]]
    settle(signature="9" * 5000, act="accept", reason="fraud")
    assert desk.post(address, act="remove", reason="fraud", entries=str(10**30)).status_code == 422
    settle(signature=numbers[0], act="accept", reason="fraud")
    settle(signature=numbers[1:], act="refuse", reason="not-a-person")
    assert total(signing) == 2
    settle(act="remove", reason="fraud", entries="1")
    assert total(signing) == 1
    settle(act="restore", reason="fraud", entries="1")
    assert total(signing) == 2
    settle(act="restore", reason="fraud", entries="1")
    assert "What was not restored stands already" in desk.get(address)


def test_review_is_for_moderators_alone(signing: Signing, appoint: Callable[..., Desk]) -> None:
    address = f"/admin/participation/petitions/{PETITION}/signatures/"
    assert signing.town.app.test_client().get(address).status_code == 303
    assert signing.town.app.test_client().post(address).status_code in (303, 400)


@pytest.mark.parametrize("secret", ["short", "x" * 43, "A" * 42 + "_", "%00", "A" * 500])
def test_links_that_nobody_mailed(signing: Signing, secret: str) -> None:
    client = signing.town.app.test_client()

    for answer in (client.get(f"{BASE}/sign/{secret}"), client.post(f"{BASE}/sign/{secret}")):
        assert answer.status_code == 410
        assert "This link is not known" in answer.get_data(as_text=True)


def test_petitions_that_are_not_there_or_closed(signing: Signing) -> None:
    client = signing.town.app.test_client()
    assert client.get("/petitions/00000000-0000-4000-8000-00000000ffff/sign").status_code == 404

    signing.town.clock.forward(days=31)
    signing.ports.memory.clear()
    assert "takes no more signatures" in client.get(f"{BASE}/sign").get_data(as_text=True)
    status, page = send(signing.town)
    assert status == 409
    assert "takes no more signatures" in page


def test_petition_that_is_taken_down_shows_neither_title_nor_names(signing: Signing) -> None:
    signing.sign(1, show_name=True)
    signing.count()
    with signing.town.services.database.writing() as session:
        session.get_one(Petition, PETITION).state = "hidden"
    signing.ports.memory.clear()
    client = signing.town.app.test_client()

    assert client.get(f"{BASE}/signers").status_code == 404
    for page in ("count", "regions", "sign"):
        text = client.get(f"{BASE}/{page}").get_data(as_text=True)
        assert "A petition that was taken down" in text
        assert "A night bus" not in text


def test_count_regions_and_names_are_public(signing: Signing) -> None:
    for number in range(7):
        signing.sign(number, region="IR-23" if number else "IR-01", show_name=number == 3)
    signing.count()
    visitor = Visitor(signing.town.app)

    count, regions, names = (visitor.get(f"{BASE}/{page}") for page in ("count", "regions", "signers"))

    assert "confirmed from a mailbox" in count
    assert "Tehran" in regions
    assert "Person 3" in names
    assert "Person 4" not in names
    assert regions.count("<path d=") == 31
    persian = visitor.get(f"/fa{BASE}/regions")
    assert "<title>تهران: " in persian
    shown = persian[persian.index('<svg class="region-map') : persian.index("</table>")]
    assert not re.search("[A-Za-z0-9]", re.sub("<[^>]*>", "", shown)), "names and digits are Persian, without codes"


def test_record_over_http_is_the_record_and_has_ranges(signing: Signing, tmp_path: Path) -> None:
    signing.sign(1)
    folder = signing.export(tmp_path / "record")
    client = signing.town.app.test_client()

    for name in ("petition.json", "text.json", "checkpoint", "count.json", "log/00000.jsonl"):
        answer = client.get(f"{BASE}/record/{name}")
        assert (answer.status_code, answer.data) == (200, (folder / name).read_bytes()), name
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert client.get(f"{BASE}/record/{name}", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    part = client.get(f"{BASE}/record/log/00000.jsonl", headers={"Range": "bytes=5-24"})
    assert (part.status_code, part.data) == (206, (folder / "log/00000.jsonl").read_bytes()[5:25])
    for name in ("log/00001.jsonl", "log/0.jsonl", "../secret.key", "roll.jsonl", "log/99999999999.jsonl"):
        assert client.get(f"{BASE}/record/{name}").status_code == 404
    assert check_petition(folder).failed_parts() == []


def test_public_pages_may_be_kept_for_seconds_and_hold_nobodys_session(signing: Signing) -> None:
    answer = signing.town.app.test_client().get(f"{BASE}/sign")

    assert answer.headers["Cache-Control"] == "public, max-age=10"
    assert "Set-Cookie" not in answer.headers
    link = signing.ask(signing.signer(1)), signing.ask(signing.signer(2))
    pages = [signing.town.app.test_client().get(f"{BASE}/sign/{codec.encode_bytes(one)}") for one in link]
    for own, other, page in zip(link, reversed(link), pages, strict=True):
        assert codec.encode_bytes(other) not in page.get_data(as_text=True)
        assert codec.encode_bytes(own) in page.get_data(as_text=True)
        assert page.headers["Cache-Control"] == "no-store"
