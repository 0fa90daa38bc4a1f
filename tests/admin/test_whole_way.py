"""An official's whole way through the pages: from an empty site to a published result."""

from typing import Any

from apiflask import APIFlask

from ballots import codec
from ballots.ballot import seal_ballot, short_secrets
from ballots.manifest import parse_manifest
from ballots.partial import make_partial, verify_partial
from ballots.result import combine
from evote.admin.deeds import all_deeds, chain_head, check_chain
from evote.admin.roles import Role
from evote.elections.models import Election
from evote.elections.signing import sign_request
from evote.services import Services
from evote.trustees.aggregates import load_aggregates
from evote.trustees.intents import intent_of
from tests.admin.conftest import Appoint
from tests.support.elections import OPENS_AT, make_voters, seeded_key
from tests.support.officials import Desk, freeze, save, upload, write
from tests.support.server import Clock, Stage, make_files


def sign(desk: Desk, election: str, kind: str, status: int = 303, query: str = "") -> str:
    """Download a request, sign it away from the server, and hand it in."""
    address = f"{election}/sign/{kind}"
    request = desk.client.get(f"{address}/request.json{query}")
    assert request.status_code == 200, request.text
    return upload(desk, address + query, status, signed=sign_request(request.data, seeded_key("official")))


def test_from_an_empty_site_to_a_published_result(
    app: APIFlask, appoint: Appoint, services: Services, clock: Clock
) -> None:
    clock.now = OPENS_AT.replace(day=1, month=2)
    admin = appoint("Ada", Role.ELECTION_ADMIN).sign_in()
    registrar = appoint("Reg", Role.REGISTRAR).sign_in()
    assert "No manifest is made yet." in admin.get("/admin/")
    draft = write(admin)
    assert "The tramway" in admin.get("/admin/")
    page = admin.get(f"{draft}/check")
    assert "Something is missing" not in page
    assert "One, Two, Three" in page
    assert "tick this first" in admin.post(f"{draft}/check", revision="99").text
    election = save(admin, f"{draft}/check", sure="y")
    assert election == draft.replace("drafts", "elections")
    assert admin.client.get(f"{draft}/check").location == election
    key = election.rpartition("/")[2]
    manifest_bytes = app.test_client().get(f"/elections/{key}/record/manifest.json").data
    stage = _hand_in_and_freeze(admin, registrar, election, manifest_bytes, services, app, clock)
    _open(admin, election, stage)
    _vote(stage)
    _close(admin, election, stage)
    _count(admin, election, stage)
    log = app.test_client().get(f"/elections/{key}/officials-log").text
    for words in ("Made the manifest", "Froze the election", "Handed in a file", "Reg", "The server refused it"):
        assert words in log
    with services.database.reading() as session:
        check_chain(all_deeds(session, key), *chain_head(session, key))


def _hand_in_and_freeze(
    admin: Desk, registrar: Desk, election: str, data: bytes, services: Services, app: APIFlask, clock: Clock
) -> Stage:
    manifest = parse_manifest(data, allow_test_keys=True)
    voters = make_voters(manifest, 4)
    files, shares, signing = make_files(manifest, voters)
    assert "Missing: roll.jsonl, roll.json, voters.csv" in admin.get(election)
    wrong = files.voters.replace(b"V-001", b"V-000") + b"one,field,too,many\nV-9,x@example.org,nobody\n"
    upload(registrar, f"{election}/files", roll_jsonl=files.roll, roll_json=files.roll_signature, voters_csv=wrong)
    page = registrar.get(f"{election}/files")
    assert "3 lines are wrong" in page
    for line in ("line 3", "Line 6", "line 7"):
        assert line in page
    assert "3 lines are wrong" in admin.get(election)
    assert "key-json" not in page, "the key is not the registrar's to hand in"
    upload(registrar, f"{election}/files", voters_csv=files.voters)
    assert "fit together" in registrar.get(f"{election}/files")
    registrar.get(f"{election}/freeze", 403)
    admin.get(f"{election}/sign/open", 404)
    assert "hand in: key.json" in freeze(admin, election).text
    upload(admin, f"{election}/files", key_json=files.key)
    assert admin.post(f"{election}/freeze").status_code == 422
    assert freeze(admin, election).location == election
    stage = Stage(services, app, clock, manifest.id, voters, shares, signing)
    assert stage.election.fingerprint_text in admin.get(election)
    assert "Used by the freeze" in admin.get(f"{election}/files")
    return stage


def _open(admin: Desk, election: str, stage: Stage) -> None:
    assert "missing: 1, 2, 3" in sign(admin, election, "open", 422)
    for number, key in enumerate(stage.trustee_keys, start=1):
        signed = {"election": stage.election.fingerprint_text}
        opening = {**signed, "trustee": number, "signature": key.sign("open", signed)}
        upload(admin, f"{election}/trustees", document=codec.encode_canonical(opening) + b"\n")
    strange = codec.encode_canonical({"kind": "open", "signed": {"election": "x"}, "signature": "y"})
    assert "another election" in upload(admin, f"{election}/sign/open", 422, signed=strange)
    assert "official-sign" in upload(admin, f"{election}/sign/open", 422, signed=b"nothing")
    assert "something else" in upload(admin, f"{election}/sign/annul", 422, signed=strange)
    sign(admin, election, "open")
    page = admin.get(election)
    assert "Extend the voting" in page
    assert f'href="{election}/sign/open"' not in page


def _vote(stage: Stage) -> None:
    stage.clock.now = OPENS_AT.replace(hour=10)
    rng, election = stage.rng, stage.election
    secrets = short_secrets(election, rng.getrandbits)
    for number, answer in enumerate(("o1", "o1", "o2")):
        voter, choices = stage.voters[number], {"c1": [answer], "c2": [["o2"], ["o1"]]}
        sealed = seal_ballot(election, voter.style, voter.key.public, "", choices, rng.getrandbits, secrets)
        assert stage.put(stage.log_in(number), number, sealed.ballot).status_code == 202
    stage.sequence()


def _close(admin: Desk, election: str, stage: Stage) -> None:
    admin.sign_in()
    live = admin.get(f"{election}/live")
    assert "75.0%" in live
    until = "?until=2026-03-09T20%3A00&reason=Snow"
    sign(admin, election, "extend", query=until)
    assert admin.client.get(f"{election}/sign/close/request.json").status_code == 409
    assert "Stop the voting" in admin.get(f"{election}/sign/close")
    admin.post(f"{election}/stop", page=f"{election}/sign/close", sure="y")
    sign(admin, election, "close")
    assert stage.log()[-1]["type"] == "close"


def _count(admin: Desk, election: str, stage: Stage) -> None:
    address = f"{election}/trustees"
    for number, kind in ((1, "trustee"), (2, "trustee"), (0, "observer")):
        upload(admin, address, document=codec.encode_canonical(stage.intent(number, kind)))
        stage.sequence()
    loaded = stage.election
    intent = _intent(stage)
    with stage.services.database.reading() as session:
        aggregates = load_aggregates(session, loaded)
    partials = [
        make_partial(loaded, intent, aggregates, number, stage.shares[number - 1], stage.rng.getrandbits)
        for number in (1, 2)
    ]
    for partial in partials:
        upload(admin, address, document=codec.encode_canonical(partial))
    assert "agree on the log; 2 of 2 have opened" in admin.get(election)
    checked = [verify_partial(loaded, intent, aggregates, one) for one in partials]
    tally = combine(loaded, intent, aggregates, checked).encode()
    assert "no file of a trustee" in upload(admin, address, 422, document=b"{}")
    upload(admin, address, document=tally)
    assert "The result stands on the page" in admin.get(election)
    assert stage.log()[-1]["type"] == "tally"


def _intent(stage: Stage) -> Any:
    with stage.services.database.reading() as session:
        row = session.get(Election, stage.id)
        assert row is not None
        return intent_of(row)
