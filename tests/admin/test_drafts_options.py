"""What is on the ballot, as officials write it: pictures, headed parts, orders, referendums; nothing is lost."""

import io
import json
import re
import zipfile
from typing import Any

import pytest
from PIL import Image

from ballots import codec
from evote.admin.deeds import all_deeds
from evote.admin.order_form import list_hash
from evote.admin.roles import Role
from evote.elections.definition import create_election
from evote.elections.headed import MOST_PART
from evote.elections.media import list_media, named_media
from evote.elections.queries import get_election
from evote.services import Services
from tests.admin.conftest import Appoint
from tests.media.test_media_files import PDF
from tests.support.elections import EVERY_KIND
from tests.support.gallery import EMBLEM, ORDERS, PROJECTS, TRAMWAY
from tests.support.gallery_pictures import files_of
from tests.support.officials import Desk, save, write
from tests.support.server import definition

REVISION = re.compile(r'name="revision" value="(\d+)"')


def picture(colour: str = "teal") -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (300, 300), colour).save(target, "JPEG")
    return target.getvalue()


@pytest.fixture
def desk(appoint: Appoint) -> Desk:
    return appoint("Ada", Role.ELECTION_ADMIN).sign_in()


def begin(desk: Desk, preset: str, languages: str = "en") -> str:
    started = desk.post("/admin/drafts/new", begin=preset, languages=languages)
    return str(started.location.removesuffix("/texts"))


def fields_of(desk: Desk, draft: str) -> dict[str, Any]:
    return dict(json.loads(desk.get(f"{draft}/definition.json")))


def hand_in(desk: Desk, address: str, status: int = 303, **files: tuple[bytes, str]) -> str:
    found = REVISION.search(desk.get(address))
    assert found
    given: dict[str, Any] = {
        name.replace("_", "-"): (io.BytesIO(data), called) for name, (data, called) in files.items()
    }
    answer = desk.post(address, revision=found[1], action="save", **given)
    assert answer.status_code == status, re.findall("field-error.*", answer.get_data(as_text=True))
    return str(answer.get_data(as_text=True))


NAMES = {"title-en": "Mayor", "option-0-label-en": "Ada", "option-1-label-en": "Ben", "option-2-label-en": "Cyd"}
CHOOSING = {"min": "1", "max": "1", "rule": "plurality", "seats": "1", "abstain": "", "order": "fixed"}


def test_a_picture_and_a_document_are_handed_in_shown_replaced_and_removed(desk: Desk, services: Services) -> None:
    draft = begin(desk, "choose")
    media = f"{draft}/contests/0/media"
    hand_in(desk, media, file_0=(picture(), "ada.jpg"), file_1=(PDF, "Plan.pdf"))
    options = fields_of(desk, draft)["contests"][0]["options"]
    assert [len(option["media"]) for option in options] == [2, 1, 0]
    page = desk.get(media)
    (small,) = re.findall(r'<img class="media-small" src="([^"]+)"', page)
    answer = desk.client.get(small)
    assert (answer.status_code, answer.mimetype) == (200, "image/webp")
    assert desk.app.test_client().get(small).status_code == 303  # nobody else sees a draft's files
    assert (
        desk.app.test_client().get(small.replace("/admin/drafts", "/elections").replace("files", "media")).status_code
        == 404
    )
    hand_in(desk, media, file_0=(picture("red"), "ada.png"))
    again = fields_of(desk, draft)["contests"][0]["options"]
    assert len(again[0]["media"]) == 2
    assert again[0]["media"].keys().isdisjoint(options[0]["media"])
    large = next(path for path in again[0]["media"] if "small" not in path)
    save(desk, media, action=f"remove-0-{large}")
    assert [len(one["media"]) for one in fields_of(desk, draft)["contests"][0]["options"]] == [0, 1, 0]


def test_a_bad_file_is_named_at_its_option_and_the_good_one_is_kept(desk: Desk) -> None:
    draft = begin(desk, "choose")
    media = f"{draft}/contests/0/media"
    page = hand_in(desk, media, 422, file_0=(b"<script>", "ada.jpg"), file_1=(picture(), "ben.jpg"))
    assert 'href="#file-0">This is no picture' in page
    assert [len(one["media"]) for one in fields_of(desk, draft)["contests"][0]["options"]] == [0, 2, 0]
    for number in range(5):
        hand_in(desk, media, file_2=(PDF + b"%" * number + b"\n%%EOF", f"{number}.pdf"))
    assert "room for 5 documents" in hand_in(desk, media, 422, file_2=(b"more", "more.txt"))


def test_every_option_has_the_same_parts_and_the_same_room(desk: Desk) -> None:
    draft = begin(desk, "choose", "en fa")
    contest = f"{draft}/contests/0"
    texts = {
        "option-0-background-en": "Born here.",
        "option-0-sources-fa": "https://a.example",
        "option-1-about-en": "b",
    }
    save(desk, contest, **NAMES, **CHOOSING, **texts)
    options = fields_of(desk, draft)["contests"][0]["options"]
    assert options[0]["info"] == {"en": "## Background\nBorn here.", "fa": "## Sources\nhttps://a.example"}
    assert options[1]["info"] == {"en": "b"}
    page = desk.get(contest)
    assert "Born here.</textarea>" in page
    assert (
        page.count("Nothing given") == 5
    )  # in the preview: three options by two parts, of which one is given in English
    long = {**NAMES, **CHOOSING, "option-2-aims-en": "x" * (MOST_PART + 2), "option-0-label-en": "Ada Lovelace"}
    refused = desk.post(contest, revision=REVISION.search(page)[1], action="save", **long)  # type: ignore[index]
    assert refused.status_code == 422
    text = refused.get_data(as_text=True)
    assert "2 characters too long" in text
    assert 'value="Ada Lovelace"' in text
    assert "x" * MOST_PART in text
    heading = {**NAMES, **CHOOSING, "option-0-aims-en": "## Sources\nmine"}
    assert desk.post(contest, revision=REVISION.search(page)[1], **heading).status_code == 422  # type: ignore[index]


def test_twenty_candidates_with_long_texts_fit_in_one_form(desk: Desk) -> None:
    draft = begin(desk, "choose", "fa")
    contest = f"{draft}/contests/0"
    for _ in range(7):
        save(desk, contest, action="add", **CHOOSING)
    names = {f"option-{place}-label-fa": f"نامزد {place}" for place in range(10)}
    texts = {f"option-{place}-{part}-fa": "آ" * MOST_PART for place in range(10) for part in ("background", "aims")}
    save(desk, contest, **{"title-fa": "شهردار"}, **names, **texts, **CHOOSING)
    assert len(fields_of(desk, draft)["contests"][0]["options"][9]["info"]["fa"]) > 2 * MOST_PART


def test_a_draw_is_logged_after_its_list_and_undone_by_another(desk: Desk, services: Services) -> None:
    draft = begin(desk, "choose")
    contest, identity = f"{draft}/contests/0", draft.rpartition("/")[2]
    drawn = {**CHOOSING, "order": "drawn"}
    save(desk, contest, **{**NAMES, **drawn})
    assert "draw it" in desk.get(f"{draft}/check")
    save(desk, contest, **{**NAMES, **drawn}, **{"seed": "4 8 15", "source-en": "Three dice"}, action="draw")
    fields = fields_of(desk, draft)
    assert fields["orders"] == [{"id": "c1", "name": "drawn", "seed": "4 8 15", "source": {"en": "Three dice"}}]
    assert "draw it" not in desk.get(f"{draft}/check")
    save(desk, contest, **{**NAMES, **drawn}, **{"seed": "another", "source-en": "Three dice"})
    assert fields_of(desk, draft)["orders"][0]["seed"] == "4 8 15"  # only the button draws
    save(desk, contest, **{**NAMES, **drawn, "option-2-label-en": "Dan"})
    assert fields_of(desk, draft)["orders"][0]["seed"] == ""
    save(desk, contest, **{**NAMES, **drawn, "option-2-label-en": "Dan"}, action="draw")
    assert re.fullmatch(r"[0-9a-f]{32}", fields_of(desk, draft)["orders"][0]["seed"])
    with services.database.reading() as session:
        log = [json.loads(line) for line in all_deeds(session, identity)]
    lines = [(one["what"], one["details"]) for one in log if "contest" in one["details"]]
    assert [what for what, _ in lines] == ["options-listed", "order-drawn", "options-listed", "order-drawn"]
    assert lines[3][1]["options"] == lines[2][1]["options"] == list_hash(fields_of(desk, draft)["contests"][0])
    assert lines[1][1]["options"] != lines[3][1]["options"]
    assert lines[1][1]["seed"] == "4 8 15"
    save(desk, contest, **{**NAMES, **CHOOSING, "order": "rotated-style"})
    assert fields_of(desk, draft)["orders"] == [{"id": "c1", "name": "rotated", "by": "style"}]
    save(desk, contest, **NAMES, **CHOOSING)
    assert fields_of(desk, draft)["orders"] == []


def test_a_referendum_needs_few_fields_and_says_its_rule(desk: Desk) -> None:
    draft = begin(desk, "referendum", "en fa")
    contest = fields_of(desk, draft)["contests"][0]
    assert [one["label"] for one in contest["options"]] == [
        {"en": "Yes", "fa": "آری"},
        {"en": "No", "fa": "نه"},
        {"en": "I abstain", "fa": "رأی ممتنع می‌دهم"},
    ]
    page = desk.get(f"{draft}/contests/0")
    assert "option-0-arguments-en" in page
    assert "option-1-arguments-fa" in page
    assert "option-2-arguments-en" not in page
    labels = {
        f"option-{place}-label-{lang}": text
        for place, one in enumerate(contest["options"])
        for lang, text in one["label"].items()
    }
    rule = {"rule": "majority", "percent": "60", "turnout_percent": "40", "of": "o1", "abstain": "o3", "order": "fixed"}
    texts = {"title-en": "The tramway?", "option-0-arguments-en": "It is fast.", "option-1-arguments-en": "It is dear."}
    save(desk, f"{draft}/contests/0", **labels, **rule, **texts, min="1", max="1")
    page = desk.get(f"{draft}/contests/0")
    for sentence in (
        "“Yes” needs more than 60% of the votes.",
        "Abstentions count as taking part, and for neither side.",
        "At least 40% of the voters must take part.",
    ):
        assert sentence in page
    too_much = {**labels, **rule, **texts, "percent": "101", "min": "1", "max": "1"}
    led = save(desk, f"{draft}/contests/0", **too_much)
    assert "percents must be 0 to 100" in desk.get(led)


def test_a_copy_brings_pictures_parts_and_orders(desk: Desk, services: Services) -> None:
    named = {path for one in (EMBLEM, TRAMWAY) for option in one["options"] for path in option["media"]}
    folder = {file.path: file.data for file in files_of(named)}
    made = create_election(services, definition(services, EMBLEM, PROJECTS, TRAMWAY, orders=ORDERS), folder)
    draft = desk.post("/admin/drafts/new", begin=f"copy-{made.id}", languages="").location.removesuffix("/texts")
    fields = fields_of(desk, draft)
    assert fields["contests"][0] == EMBLEM
    assert fields["orders"] == [
        {"id": "emblem", "name": "drawn", "seed": "", "source": {}},
        {"id": "projects", "name": "rotated", "by": "voter"},
    ]
    for place in range(3):
        assert "See it in the booth" in desk.get(f"{draft}/contests/{place}")
    assert 'id="booth-draft"' in desk.get(f"{draft}/booth")
    with services.database.reading() as session:
        assert list_media(session, draft.rpartition("/")[2]).keys() == named
    with zipfile.ZipFile(io.BytesIO(desk.client.get(f"{draft}/definition.zip").data)) as bundle:
        files = {name: bundle.read(name) for name in bundle.namelist()}
    written = json.loads(files.pop("definition.json"))
    written.pop("id")
    again = codec.encode_canonical({**written, "orders": written["orders"][1:]})
    assert files.keys() == named
    assert named_media(create_election(services, again, files)).keys() - {"order.json"} == named


def test_a_contest_that_is_removed_takes_its_order_along(desk: Desk) -> None:
    draft = begin(desk, "choose")
    save(desk, f"{draft}/contests/0", **NAMES, **{**CHOOSING, "order": "rotated-voter"})
    assert len(fields_of(desk, draft)["orders"]) == 1
    save(desk, f"{draft}/contests", action="remove-0")
    save(desk, f"{draft}/contests", action="add-choose")
    assert fields_of(desk, draft)["contests"][0]["id"] == "c1"
    assert fields_of(desk, draft)["orders"] == []


def test_the_manifest_keeps_what_options_name_and_nothing_else(desk: Desk, services: Services) -> None:
    draft = write(desk)
    media = f"{draft}/contests/0/media"
    hand_in(desk, media, file_0=(picture(), "old.jpg"))
    hand_in(desk, media, file_0=(picture("red"), "new.jpg"))
    save(desk, f"{draft}/check", sure="y")
    identity = draft.rpartition("/")[2]
    with services.database.reading() as session:
        manifest = get_election(session, identity).manifest
        assert {path: one.sha256 for path, one in list_media(session, identity).items()} == named_media(manifest)
    assert len(named_media(manifest)) == 2
    page = desk.app.test_client().get(f"/elections/{identity}").get_data(as_text=True)
    for path, sha256 in named_media(manifest).items():
        assert path in page
        assert sha256 in page


def test_a_new_draft_in_no_language_is_refused_with_a_sentence(desk: Desk) -> None:
    answer = desk.post("/admin/drafts/new", begin="choose", languages="en klingon")
    assert answer.status_code == 422
    assert "klingon" in answer.get_data(as_text=True)


@pytest.mark.parametrize("place", range(6))
def test_every_kind_is_shown_as_the_booth_shows_it(desk: Desk, services: Services, place: int) -> None:
    made = create_election(services, definition(services, EVERY_KIND[place]))
    draft = desk.post("/admin/drafts/new", begin=f"copy-{made.id}", languages="").location.removesuffix("/texts")
    shown = re.search(r'id="booth-draft">(.*?)</script>', desk.get(f"{draft}/booth"))
    assert shown
    assert [one["kind"] for one in json.loads(shown[1])["contests"]] == [EVERY_KIND[place]["kind"]]
