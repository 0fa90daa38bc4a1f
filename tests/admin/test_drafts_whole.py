"""Making a manifest, and copying an election: all of it happens, or nothing."""

import json

import pytest
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import DBAPIError

from evote.admin.deeds import all_deeds
from evote.admin.drafts import copy_election
from evote.admin.models import Draft
from evote.admin.roles import Role
from evote.admin.sessions import SignedIn
from evote.elections.definition import create_election
from evote.elections.media import Media, store_media
from evote.elections.media_files import MediaFile
from evote.elections.models import Election
from evote.services import Services
from tests.admin.conftest import Appoint
from tests.admin.test_drafts_options import fields_of, hand_in, picture
from tests.support.gallery import EMBLEM
from tests.support.gallery_pictures import files_of
from tests.support.officials import Desk, save, write
from tests.support.server import definition


@pytest.fixture
def desk(appoint: Appoint) -> Desk:
    return appoint("Ada", Role.ELECTION_ADMIN).sign_in()


def words(services: Services, draft: str) -> list[str]:
    with services.database.reading() as session:
        return [json.loads(line)["what"] for line in all_deeds(session, draft.rpartition("/")[2])]


def test_a_manifest_that_cannot_be_stored_leaves_the_draft_as_it_was(desk: Desk, services: Services) -> None:
    draft = write(desk)
    hand_in(desk, f"{draft}/contests/0/media", file_0=(picture(), "ada.jpg"))
    of_draft = Media.election_id == draft.rpartition("/")[2]
    with services.database.writing() as session:
        files = [MediaFile(row.path, row.data) for row in session.scalars(select(Media).where(of_draft))]
        session.execute(delete(Media).where(of_draft))
    revision = {"revision": str(len(words(services, draft)) - 1), "sure": "y"}
    refused = desk.post(f"{draft}/check", **revision)
    assert (refused.status_code, "does not have it" in refused.get_data(as_text=True)) == (422, True)
    assert "manifest-made" not in words(services, draft)
    with services.database.writing() as session:
        store_media(session, draft.rpartition("/")[2], files)
    assert save(desk, f"{draft}/check", sure="y") == draft.replace("drafts", "elections")
    assert words(services, draft)[-1] == "manifest-made"


def test_a_definition_that_the_command_line_took_before(desk: Desk, services: Services) -> None:
    same, other = write(desk), write(desk)
    for draft in (same, other):
        create_election(services, desk.client.get(f"{draft}/definition.json").data)
    assert save(desk, f"{same}/check", sure="y") == same.replace("drafts", "elections")
    save(desk, f"{other}/texts", **{"title-en": "Changed since", "languages": "en fa"})
    answer = desk.post(f"{other}/check", revision=str(len(words(services, other)) - 1), sure="y")
    assert (answer.status_code, "says something else" in answer.get_data(as_text=True)) == (409, True)
    assert fields_of(desk, other)["title"]["en"] == "Changed since"


def test_a_copy_without_its_pictures_is_no_copy(desk: Desk, services: Services) -> None:
    folder = {file.path: file.data for file in files_of({path for one in EMBLEM["options"] for path in one["media"]})}
    made = create_election(services, definition(services, EMBLEM), folder)
    with services.database.writing() as session:
        session.execute(text("CREATE TRIGGER full BEFORE INSERT ON media BEGIN SELECT RAISE(ABORT, 'no'); END"))
    with pytest.raises(DBAPIError):
        copy_election(services, SignedIn(1, "Ada", (Role.ELECTION_ADMIN,)), made.id)
    with services.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Draft)) == 0
        assert session.scalar(select(func.count()).select_from(Election)) == 1
