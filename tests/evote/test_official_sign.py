"""The official signs away from the server, and computes a close from a record of one's own."""

from pathlib import Path

import pytest

from ballots import codec
from evote.board.export import export_record
from evote.elections.official import shut_door
from evote.elections.signing import compare_with_record, make_request, sign_request, submit_request
from evote.errors import Conflict, Malformed, Unsigned
from tests.support.elections import seeded_key
from tests.support.server import OFFICIAL, Stage


def test_a_close_is_computed_from_ones_own_record(stage: Stage, tmp_path: Path) -> None:
    stage.cast(stage.log_in(0), 0)
    with pytest.raises(Conflict, match="Stop the voting"):
        make_request(stage.services, stage.id, "close", {})
    shut_door(stage.services, stage.id)
    request = make_request(stage.services, stage.id, "close", {})
    export_record(stage.services.database, stage.id, tmp_path / "record")
    compare_with_record(request, tmp_path / "record")
    fields = codec.parse_canonical(request)
    for change in ({"size": fields["signed"]["size"] + 1}, {"counted": "A" * 43}, {"election": "A" * 43}):
        other = {**fields, "signed": {**fields["signed"], **change}}
        with pytest.raises(Malformed, match=r"Do not sign|another election"):
            compare_with_record(codec.encode_canonical(other), tmp_path / "record")
    with pytest.raises(Unsigned):
        submit_request(stage.services, stage.id, sign_request(request, seeded_key("somebody")))
    assert submit_request(stage.services, stage.id, sign_request(request, OFFICIAL)) == "close"
    assert stage.log()[-1]["type"] == "close"


def test_what_is_signed_must_be_this_elections(stage: Stage) -> None:
    request = make_request(stage.services, stage.id, "annul", {"reason": "Fire"})
    fields = codec.parse_canonical(sign_request(request, OFFICIAL))
    wrong = [
        {**fields, "kind": "king"},
        {**fields, "signed": {"reason": "Fire"}},
        {**fields, "signed": {**fields["signed"], "election": "A" * 43}},
        {"kind": "annul"},
    ]
    for document in wrong:
        with pytest.raises(Malformed):
            submit_request(stage.services, stage.id, codec.encode_canonical(document))
    changed = {**fields, "signed": {**fields["signed"], "reason": "Flood"}}
    with pytest.raises(Unsigned):
        submit_request(stage.services, stage.id, codec.encode_canonical(changed))
    assert submit_request(stage.services, stage.id, codec.encode_canonical(fields)) == "annul"
