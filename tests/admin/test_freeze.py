"""The freeze fixes what the official looked at, and leaves no copy of the voters' mail addresses behind."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from ballots.manifest import Manifest
from evote.admin.roles import Role
from evote.elections.definition import create_election
from evote.elections.freeze import FreezeFiles, freeze_election
from evote.elections.models import DRAFT, FROZEN, Election, StagedFile
from evote.services import Services
from tests.admin.conftest import Appoint
from tests.support.elections import make_voters
from tests.support.officials import Desk, freeze, held, upload
from tests.support.server import Clock, definition, make_files


@pytest.fixture
def manifest(services: Services) -> Manifest:
    return create_election(services, definition(services))


@pytest.fixture
def files(manifest: Manifest) -> FreezeFiles:
    return make_files(manifest, make_voters(manifest, 3))[0]


@pytest.fixture
def desk(appoint: Appoint, manifest: Manifest, files: FreezeFiles) -> Desk:
    """An official at whose election all four files wait."""
    desk, address = appoint("Ada", Role.ELECTION_ADMIN, Role.REGISTRAR).sign_in(), f"/admin/elections/{manifest.id}"
    upload(desk, f"{address}/files", roll_jsonl=files.roll, roll_json=files.roll_signature, voters_csv=files.voters)
    upload(desk, f"{address}/files", key_json=files.key)
    return desk


def state(services: Services, manifest: Manifest) -> tuple[str, int]:
    """Return the election's state, and how many files wait."""
    with services.database.reading() as session:
        waiting = session.scalar(select(func.count()).select_from(StagedFile)) or 0
        return session.get_one(Election, manifest.id).state, waiting


def hand_in_others(desk: Desk, manifest: Manifest) -> None:
    """Replace the registrar's files by those of a longer roll, which is just as good."""
    files, _, _ = make_files(manifest, make_voters(manifest, 4))
    address = f"/admin/elections/{manifest.id}/files"
    upload(desk, address, roll_jsonl=files.roll, roll_json=files.roll_signature, voters_csv=files.voters)


def test_files_that_were_replaced_since_the_official_looked_are_not_frozen(
    desk: Desk, services: Services, manifest: Manifest, clock: Clock
) -> None:
    address = f"/admin/elections/{manifest.id}"
    clock.forward(minutes=11)
    kept = held(freeze(desk, address))
    hand_in_others(desk, manifest)
    late = desk.client.post(f"{address}/freeze", data={**kept, "confirm_code": desk.code()})
    page = late.get_data(as_text=True)
    assert (late.status_code, "handed in anew since you looked" in page) == (422, True)
    assert " checked" not in page, "the yes was said to other files"
    assert state(services, manifest) == (DRAFT, 4)
    assert desk.post(f"{address}/freeze", sure="y").status_code == 422, "a form that does not say what it showed"
    assert freeze(desk, address).location == address
    assert state(services, manifest) == (FROZEN, 0)
    assert len(services.elections.get(manifest.id).roll) == 4


def test_the_command_line_erases_what_was_handed_in_on_the_site(
    desk: Desk, services: Services, manifest: Manifest, files: FreezeFiles, tmp_path: Path
) -> None:
    assert state(services, manifest) == (DRAFT, 4)
    freeze_election(services, manifest.id, files, force=True)
    assert state(services, manifest) == (FROZEN, 0)
    assert "Used by the freeze" in desk.get(f"/admin/elections/{manifest.id}/files")
