"""Social cards: the tags, the pictures that they name, and that each is drawn once."""

import io
import threading
from datetime import date
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import update

from participation.answers.authorities import AuthorityData, add_authority
from participation.answers.promises import NewPromise, enter_promise
from participation.petitions.checking import Act
from participation.sharing import pictures
from participation.sharing.drawing import Card, draw
from participation.signatures.models import PetitionLog
from tests.participation.sharing.test_drawing import ENGLISH
from tests.support.participation import Town, path_of
from tests.support.petitions import act
from tests.support.shared_links import tags


def fetch(town: Town, address: str) -> Image.Image:
    answer = town.visitor().client.get(path_of(address))
    assert answer.status_code == 200
    assert answer.mimetype == "image/png"
    assert "Set-Cookie" not in answer.headers
    return Image.open(io.BytesIO(answer.data))


@pytest.mark.parametrize(("language", "locale"), [("en", "en_US"), ("fa", "fa_IR")])
def test_a_petition_is_shared_with_title_text_and_picture(
    town: Town, petitions: dict[str, str], language: str, locale: str
) -> None:
    found = tags(town.visitor().client.get(f"/{language}{petitions['open']}").get_data(as_text=True))
    assert found["og:title"] == "Build a footbridge over the river at the mill"
    assert found["og:description"].startswith("The town should build")
    assert found["og:url"] == town.ports.base_url + petitions["open"]
    assert found["og:locale"] == locale
    assert found["twitter:card"] == "summary_large_image"
    assert found["og:image"].startswith(f"{town.ports.base_url}/{language}{petitions['open']}/card.png?v=")
    picture = fetch(town, found["og:image"])
    assert (picture.format, picture.size) == ("PNG", (1200, 630))
    assert (found["og:image:width"], found["og:image:height"]) == ("1200", "630")


def test_languages_have_pictures_of_their_own(town: Town, petitions: dict[str, str]) -> None:
    english, persian = (town.visitor().client.get(f"/{one}{petitions['open']}/card.png").data for one in ("en", "fa"))
    assert english != persian


def test_what_is_not_public_has_none(town: Town, petitions: dict[str, str]) -> None:
    client = town.visitor().client
    assert client.get(petitions["waiting"] + "/card.png").status_code == 404
    assert client.get(petitions["open"] + "/card.png").status_code == 200
    act(town, petitions["open"].rpartition("/")[2], Act.HIDE, "court")
    assert client.get(petitions["open"] + "/card.png").status_code == 404
    town.ports.memory.clear()
    assert "og:image" not in tags(client.get(petitions["open"]).get_data(as_text=True))
    none = "00000000-0000-4000-8000-000000000000"
    for nowhere in (f"/petitions/{none}", f"/consultations/{none}", "/promises/99"):
        assert client.get(nowhere + "/card.png").status_code == 404


def test_the_picture_changes_with_the_bracket_of_the_count(town: Town, petitions: dict[str, str]) -> None:
    def picture(count: int) -> str:
        town.ports.memory.clear()
        with town.services.database.writing() as session:
            session.execute(update(PetitionLog).values(mail_count=count, oidc_count=0))
        return tags(town.visitor().client.get("/en" + petitions["open"]).get_data(as_text=True))["og:image"]

    assert picture(98) != picture(99)
    assert picture(12_000) == picture(12_999)
    assert picture(12_999) != picture(13_000)


@pytest.mark.parametrize(
    ("count", "shown"), [(0, 0), (7, 7), (99, 99), (100, 100), (109, 100), (1299, 1200), (4_095_690, 4_000_000)]
)
def test_counts_are_rounded_down(count: int, shown: int) -> None:
    assert pictures.bracket(count) == shown


def test_browsers_and_proxies_may_keep_it(town: Town, petitions: dict[str, str]) -> None:
    client = town.visitor().client
    first = client.get(petitions["open"] + "/card.png")
    assert first.headers["Cache-Control"] == "public, max-age=3600"
    assert first.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    again = client.get(petitions["open"] + "/card.png", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_promise_and_a_consultation_have_one(town: Town) -> None:
    with town.services.database.writing() as session:
        data = AuthorityData({"en": "Parks Department", "fa": "سازمان بوستان‌ها"}, "a@example.org", "", "gb-eng", "en")
        owner = add_authority(session, town.ports, data)
        source = "https://example.org/minutes"
        said = NewPromise("Fifty trees", "We will plant fifty trees.", owner.id, date(2026, 1, 2), source, None)
        promise = enter_promise(session, town.ports, said, by="clerk")
        address = f"/promises/{promise.id}"
    found = tags(town.visitor().client.get("/fa" + address).get_data(as_text=True))
    assert found["og:title"] == "Fifty trees"
    assert found["og:url"] == town.ports.base_url + address
    assert fetch(town, found["og:image"]).size == (1200, 630)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Card]:
    """What was drawn, in turn."""
    cards: list[Card] = []

    def counted(card: Card) -> bytes:
        cards.append(card)
        return draw(card)

    monkeypatch.setattr(pictures, "draw", counted)
    return cards


def test_many_at_once_draw_it_once(town: Town, drawn: list[Card]) -> None:
    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.append(pictures.keep(town.ports, ENGLISH))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert len(drawn) == 1
    town.ports.memory.clear()  # another process, or this one after a restart
    assert pictures.keep(town.ports, ENGLISH) == found[0]
    assert len(drawn) == 1


def test_who_would_wait_too_long_is_told_to_come_again(
    town: Town, petitions: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "PATIENCE_SECONDS", 0.01)
    client = town.visitor().client
    client.get(petitions["open"] + "/card.png")
    lock: threading.Lock = town.ports.memory["cards"]["lock"]
    with lock:
        assert client.get(petitions["open"] + "/card.png").status_code == 200, "it is kept already"
        answer = client.get(petitions["closed"] + "/card.png")
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "5"
        assert client.get(petitions["closed"]).status_code == 200, "no page waits for a picture"
    assert client.get(petitions["closed"] + "/card.png").status_code == 200


def test_a_folder_that_cannot_be_written_costs_no_picture(town: Town) -> None:
    (town.ports.data_dir / "cards").write_text("not a folder")
    assert pictures.keep(town.ports, ENGLISH) == draw(ENGLISH)


def test_the_oldest_of_too_many_are_forgotten(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_KEPT", 2)
    monkeypatch.setattr(pictures, "draw", lambda card: card.note.encode())
    for number in range(4):
        pictures.keep(town.ports, Card("evote", "en", False, "Petition", "A", "B", "good", note=str(number)))
    kept = sorted(one.read_text() for one in Path(town.ports.data_dir / "cards").iterdir())
    assert len(kept) == 2
    assert "3" in kept


def test_without_the_library_pages_name_no_picture(
    town: Town, petitions: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "can_draw", lambda: False)
    client = town.visitor().client
    found = tags(client.get(petitions["open"]).get_data(as_text=True))
    assert "og:image" not in found
    assert found["twitter:card"] == "summary"
    assert client.get(petitions["open"] + "/card.png").status_code == 404
