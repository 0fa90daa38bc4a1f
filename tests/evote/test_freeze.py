import pytest

from evote.elections.definition import create_election
from evote.elections.freeze import freeze_election
from evote.errors import Malformed
from evote.settings import Settings
from tests.support.elections import make_voters
from tests.support.server import definition, make_files, make_stage


def test_a_modulus_serves_one_election_only(settings: Settings) -> None:
    stage = make_stage(settings, opened=False)
    services = stage.services
    manifest = create_election(services, definition(services, title={"en": "Another one"}))
    files, _, _ = make_files(manifest, make_voters(manifest, 4))
    with pytest.raises(Malformed, match="made for another election here"):
        freeze_election(services, manifest.id, files, force=True)
