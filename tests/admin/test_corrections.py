"""Lost codes and paper votes on the officials' site: looked at first, then logged, and every refusal says why."""

from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from ballots import codec
from ballots.credentials import voter_number
from ballots.signatures import SigningKey
from evote.admin.deeds import list_deeds
from evote.admin.roles import Role
from evote.elections.documents import store_document
from evote.elections.loaded import find_document
from evote.elections.models import MANIFEST, Election
from evote.elections.official import annul_election
from tests.support.elections import seeded_key
from tests.support.gallery import gallery_settings
from tests.support.officials import Desk, make_official, upload
from tests.support.server import OFFICIAL, Stage, make_stage

NEW, NEWER = (SigningKey.from_seed(bytes([number]) * 32).public for number in (91, 92))


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = make_stage(gallery_settings(tmp_path))
    yield made
    made.services.database.close()


@pytest.fixture
def desk(stage: Stage) -> Desk:
    return make_official(stage.app, stage.services, stage.clock, "Reg", Role.REGISTRAR).sign_in()


def signed(stage: Stage, kind: str, fingerprint: str = "", key: str = "registrar", **fields: str) -> bytes:
    about = {"election": fingerprint or stage.election.fingerprint_text, **fields}
    return codec.encode_canonical({**fields, "signature": seeded_key(key).sign(kind, about)}) + b"\n"


def replacing(stage: Stage, number: int, new: str = NEW) -> bytes:
    return signed(stage, "replace", old=stage.voters[number].key.public, new=new)


def line(number: int, key: str, mail: str = "") -> bytes:
    return f"id,mail,pk\nV-{number:03},{mail or f'voter{number}@example.org'},{key}\n".encode()


def address(stage: Stage) -> str:
    return f"/admin/elections/{stage.id}/corrections"


def confirm(desk: Desk, stage: Stage, document: bytes, status: int = 303, **fields: str) -> str:
    answer = desk.post(f"{address(stage)}/log", page=address(stage), document=document.decode(), **fields)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return unescape(answer.get_data(as_text=True))


def test_a_lost_code_is_replaced_after_a_look(stage: Stage, desk: Desk) -> None:
    assert "Lost codes and paper votes" in desk.get(f"/admin/elections/{stage.id}")
    document = replacing(stage, 1)
    page = unescape(upload(desk, address(stage), 200, entry=document, line=line(1, NEW)))
    for part in ("V-001", voter_number(stage.voters[1].key.public), voter_number(NEW), "Nothing has been done yet"):
        assert part in page
    assert len(stage.log()) == 4, "looking changes nothing"
    assert document.decode().strip() in page
    assert "Tick this first" in confirm(desk, stage, document, 422)
    assert len(stage.log()) == 4
    confirm(desk, stage, document, sure="y")
    assert stage.log()[-1]["type"] == "replace"
    assert "1 code was replaced so far" in desk.get(f"{address(stage)}?done=replace")
    again = unescape(upload(desk, address(stage), 422, entry=document))
    assert "on the log already" in again
    stale = signed(stage, "replace", old=stage.voters[1].key.public, new=NEWER)
    assert "replaced before" in unescape(upload(desk, address(stage), 422, entry=stale))
    assert "replaced before" in unescape(
        upload(desk, address(stage), 422, entry=signed(stage, "strike", voter=stage.voters[1].key.public))
    )


def test_a_voter_is_struck_once(stage: Stage, desk: Desk) -> None:
    document = signed(stage, "strike", voter=stage.voters[2].key.public)
    page = unescape(upload(desk, address(stage), 200, entry=document))
    assert "V-002" in page
    assert "votes on paper" in page
    confirm(desk, stage, document, sure="y")
    with stage.services.database.reading() as session:
        [deed] = [one for one in list_deeds(session, stage.id) if one.what == "strike"]
    assert list(deed.details) == ["sha256"]
    log = stage.app.test_client().get(f"/elections/{stage.id}/officials-log").get_data(as_text=True)
    assert "a voter votes on paper" in log
    assert "V-002" not in log, "the officials' log names no voter"
    assert stage.log()[-1]["type"] == "strike"
    assert "1 voter was struck" in desk.get(address(stage))
    assert "struck already" in unescape(upload(desk, address(stage), 422, entry=document))
    assert "struck already" in unescape(upload(desk, address(stage), 422, entry=replacing(stage, 2)))


def test_what_cannot_be_is_refused_with_its_reason(stage: Stage, desk: Desk) -> None:
    mine, other = stage.voters[0].key.public, "C" * 43
    _freeze_another(stage, other)
    cases = {
        b"nothing": "This is no replace.json or strike.json",
        b"{}": "This is no replace.json or strike.json",
        b"x" * 20_000: "much larger",
        signed(stage, "strike", voter="A" * 43): "No voter of this election has this key",
        signed(stage, "replace", old=mine, new="A"): "key",
        replacing(stage, 0, stage.voters[1].key.public): "used before",
        replacing(stage, 0, stage.election.manifest.board_key): "used before",
        replacing(stage, 0).replace(NEW.encode(), NEWER.encode()): "not signed by this election's",
        signed(stage, "strike", key="x", voter=mine): "not signed by this election's",
        signed(stage, "strike", "B" * 43, voter=mine): "not signed by this election's",
        signed(stage, "strike", other, voter=mine): "another election, “A test”",
    }
    for document, says in cases.items():
        assert says in unescape(upload(desk, address(stage), 422, entry=document)), says
        confirm(desk, stage, document, 422, sure="y")
    lists = {
        line(1, NEWER): "were not made together",
        line(2, NEW): "another voter",
        line(1, NEW, "other@example.org"): "another mail address",
        b"id,mail,pk\n": "not the voters.csv",
        b"\xff\xff": "not the voters.csv",
        line(1, NEW) * 200: "much larger",
    }
    for data, says in lists.items():
        assert says in unescape(upload(desk, address(stage), 422, entry=replacing(stage, 1), line=data)), says
    assert len(stage.log()) == 4


def _freeze_another(stage: Stage, fingerprint: str) -> None:
    """Let the server know of another election with this fingerprint, of the same title."""
    identity = "11111111-4f6e-4f0b-9a53-0d5a3e0f8a11"
    with stage.services.database.writing() as session:
        mine = session.get(Election, stage.id)
        assert mine is not None
        manifest = find_document(session, stage.id, MANIFEST)
        assert manifest is not None
        columns = {column.name: getattr(mine, column.name) for column in Election.__table__.columns}
        session.add(Election(**{**columns, "id": identity, "fingerprint": fingerprint}))
        session.flush()
        store_document(session, identity, MANIFEST, manifest)


def test_only_the_registrar_and_only_while_it_is_open(stage: Stage, desk: Desk) -> None:
    admin = make_official(stage.app, stage.services, stage.clock, "Ada", Role.ELECTION_ADMIN).sign_in()
    admin.get(address(stage), 403)
    assert "Choose replace.json" in unescape(upload(desk, address(stage), 422))
    annul_election(stage.services, stage.id, OFFICIAL, "flood")
    assert "not as it stands now" in desk.get(address(stage))
    assert confirm_after_annulling(desk, stage) == 422


def confirm_after_annulling(desk: Desk, stage: Stage) -> int:
    found = desk.post(f"{address(stage)}/log", page="/admin/account", document=replacing(stage, 1).decode(), sure="y")
    assert "annulled" in found.get_data(as_text=True)
    return found.status_code
