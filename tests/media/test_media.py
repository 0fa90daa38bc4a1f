"""Media of an election: named by the manifest, served under their hashes, and no freeze without them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from ballots import codec
from evote.app import create_app
from evote.elections.definition import create_election
from evote.elections.documents import hash_text
from evote.elections.freeze import freeze_election
from evote.elections.media import Media, list_media, named_media
from evote.elections.media_folder import read_folder
from evote.elections.models import Election
from evote.errors import Malformed
from evote.services import Services
from tests.media.conftest import Draw
from tests.media.test_media_files import PDF
from tests.support.elections import MAYOR, make_voters
from tests.support.gallery import gallery_settings
from tests.support.server import definition, make_files, make_services

DRAWN = {"id": "mayor", "name": "drawn", "seed": "4 8 15 16 23 42", "source": {"en": "The lottery of 1 March"}}


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    made = make_services(gallery_settings(tmp_path))
    yield made
    made.database.close()


def with_media(services: Services, *media: dict[str, str], **more: Any) -> bytes:
    """Return a definition whose options name these files."""
    fields = json.loads(definition(services, MAYOR))
    for option, named in zip(fields["contests"][0]["options"], media, strict=False):
        option["media"] = named
    return codec.encode_canonical({**fields, **more})


def test_a_definition_takes_files_from_a_folder(services: Services, draw: Draw, tmp_path: Path) -> None:
    (tmp_path / "all" / "more").mkdir(parents=True)
    (tmp_path / "all" / "ada.jpg").write_bytes(draw(1200, 900))
    (tmp_path / "all" / "more" / "plan.pdf").write_bytes(PDF)
    (tmp_path / "all" / ".hidden").write_bytes(b"x")
    folder = read_folder(tmp_path / "all")
    assert sorted(folder) == ["ada.jpg", "more/plan.pdf"]
    manifest = create_election(services, with_media(services, {"ada.jpg": "", "more/plan.pdf": ""}), folder)
    media = manifest.contests[0].options[0].media
    assert sorted(path.rpartition(".")[2] for path in media) == ["pdf", "webp", "webp"]
    app = create_app(services.settings, services)
    for path, sha256 in media.items():
        answer = app.test_client().get(f"/elections/{manifest.id}/{path}")
        assert answer.status_code == 200
        assert hash_text(answer.data) == sha256
        assert "immutable" in answer.headers["Cache-Control"]
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert ("attachment" in answer.headers.get("Content-Disposition", "")) == path.endswith("pdf")
    for path in ("media/x.webp", f"media/{'A' * 43}.webp", "media/..%2Fmanifest.json", "order.json"):
        assert app.test_client().get(f"/elections/{manifest.id}/{path}").status_code == 404
    with pytest.raises(Malformed, match="the server does not have it"):
        create_election(services, with_media(services, media), {})
    copied = {path: app.test_client().get(f"/elections/{manifest.id}/{path}").data for path in media}
    assert create_election(services, with_media(services, media), copied).contests[0].options[0].media == media


def test_files_that_are_missing_or_others_are_refused_and_nothing_is_made(services: Services, draw: Draw) -> None:
    folder = {"ada.jpg": draw(), "page.html": b"<script>"}
    for media, reason in (
        ({"ben.jpg": ""}, "ben.jpg, which is not in the folder"),
        ({"ada.jpg": "A" * 43}, "not the one whose hash"),
        ({"page.html": ""}, "no picture"),
        ({f"media/{'A' * 43}.webp": "A" * 43}, "does not have it"),
    ):
        with pytest.raises(Malformed, match=reason):
            create_election(services, with_media(services, media), folder)
    with services.database.reading() as session:
        assert session.scalars(select(Election.id)).all() == []
        assert session.scalars(select(Media.path)).all() == []


@pytest.mark.parametrize(
    ("orders", "reason"),
    [
        ({}, "must be a list"),
        ([{"id": "mayor", "name": "shuffled"}], "not of their form"),
        ([{"id": "council", "name": "rotated", "by": "voter"}], "does not exist"),
        ([DRAWN, DRAWN], "a contest twice"),
        ([{**DRAWN, "seed": ""}], "1 to 200 characters"),
    ],
)
def test_orders_that_make_no_sense_are_refused(services: Services, orders: object, reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        create_election(services, with_media(services, orders=orders))


def test_the_rule_of_the_order_is_bound_by_the_manifest_and_served(services: Services) -> None:
    manifest = create_election(services, with_media(services, orders=[DRAWN]))
    assert set(named_media(manifest)) == {"order.json"}
    answer = create_app(services.settings, services).test_client().get(f"/elections/{manifest.id}/order.json")
    assert hash_text(answer.data) == manifest.booth["order.json"]
    assert answer.json == {"version": 1, "contests": [DRAWN]}
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("spoilt", ["missing", "differs"])
def test_no_freeze_while_a_named_file_is_missing_or_differs(services: Services, draw: Draw, spoilt: str) -> None:
    manifest = create_election(services, with_media(services, {"ada.png": ""}), {"ada.png": draw(kind="PNG")})
    files, _, _ = make_files(manifest, make_voters(manifest, 2))
    path = next(iter(manifest.contests[0].options[0].media))
    with services.database.writing() as session:
        if spoilt == "missing":
            session.delete(session.get_one(Media, (manifest.id, path)))
        else:
            session.execute(update(Media).where(Media.path == path).values(data=b"another"))
    reason = "does not have it" if spoilt == "missing" else "not the one that the manifest names"
    with pytest.raises(Malformed, match=reason):
        freeze_election(services, manifest.id, files, force=False)
    with services.database.reading() as session:
        assert session.get_one(Election, manifest.id).state == "draft"


def test_a_definition_with_its_pictures_freezes(services: Services, draw: Draw) -> None:
    manifest = create_election(services, with_media(services, {"ada.png": ""}, orders=[DRAWN]), {"ada.png": draw()})
    files, _, _ = make_files(manifest, make_voters(manifest, 2))
    assert freeze_election(services, manifest.id, files, force=False).election.manifest == manifest
    with services.database.reading() as session:
        assert {path: one.sha256 for path, one in list_media(session, manifest.id).items()} == named_media(manifest)
