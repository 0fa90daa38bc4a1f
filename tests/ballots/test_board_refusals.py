"""Every rule of the bulletin board with its exact refusal (section 7); a refused entry changes nothing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from ballots import codec
from ballots.entries import Entry
from ballots.errors import BallotsError, EncodingError, LogError, SignatureRefused
from tests.support.curve import encode, small_order_points
from tests.support.elections import CLOSES_AT, OPENS_AT, ballot_body, seeded_key
from tests.support.proposals import (
    LATER,
    Step,
    after,
    annulled,
    audited,
    ballot_that_was_audited,
    body_of_open,
    cast,
    close,
    closed,
    for_another_voter,
    intends,
    intent,
    new,
    observes,
    of_another_log,
    opened,
    opened_early,
    opening,
    opening_body,
    replaced,
    same_ballot_again,
    signed,
    someone_elses,
    state,
    stranger,
    struck,
    tallied,
    then,
    voted,
    voter_key,
)


@dataclass(frozen=True)
class Case:
    """A log, what is proposed to it, and how it is refused."""

    name: str
    prepare: Step
    propose: Step
    reason: str
    error: type[BallotsError] = LogError
    time: datetime | str | None = None
    manifest: Mapping[str, Any] | None = None


CASES = [
    Case("the log begins with its manifest", lambda s: None, lambda s: ("key", opening_body(1), None),
         "Entry 0 must be of the type 'manifest', not 'key'"),
    Case("another manifest", lambda s: None, lambda s: ("manifest", opening_body(0) | {"min_ballots": 9}, None),
         "manifest on the log differs"),
    Case("an empty manifest", lambda s: None, lambda s: ("manifest", {}, None), "manifest on the log differs"),
    Case("the manifest twice", lambda s: opening(s, 1), lambda s: ("manifest", opening_body(0), None),
         "Entry 1 must be of the type 'key'"),
    Case("another key", lambda s: opening(s, 1), lambda s: ("key", {"sha256": codec.encode_bytes(bytes(32))}, None),
         "key on the log differs"),
    Case("another roll", lambda s: opening(s, 2),
         lambda s: ("roll", opening_body(2) | {"sha256": codec.encode_bytes(bytes(32))}, None), "roll on the log diff"),
    Case("another number of voters", lambda s: opening(s, 2), lambda s: ("roll", opening_body(2) | {"voters": 4}, None),
         "roll on the log differs"),
    Case("the roll unsigned", lambda s: opening(s, 2), lambda s: ("roll", opening_body(2) | {"signature": ""}, None),
         "signature is malformed", SignatureRefused),
    Case("the roll signed by the official", lambda s: opening(s, 2),
         lambda s: ("roll", opening_body(2) | {"signature": seeded_key("official").sign("roll", {})}, None),
         "does not fit", SignatureRefused),
    Case("an opening of another election", lambda s: opening(s, 3),
         lambda s: ("open", body_of_open(election="A" * 43), None), "opening names another election"),
    Case("an opening without the official", lambda s: opening(s, 3),
         lambda s: ("open", body_of_open(official="registrar"), None), "does not fit", SignatureRefused),
    Case("an opening by two trustees", lambda s: opening(s, 3),
         lambda s: ("open", body_of_open(trustees=(1, 2)), None), "signed by all 3 trustees"),
    Case("an opening by one trustee thrice", lambda s: opening(s, 3),
         lambda s: ("open", body_of_open(trustees=(1, 1, 1)), None), "does not fit", SignatureRefused),
    Case("trustees in another order", lambda s: opening(s, 3),
         lambda s: ("open", body_of_open(trustees=(2, 1, 3)), None), "does not fit", SignatureRefused),
    Case("trustees' signatures in an object", lambda s: opening(s, 3),
         lambda s: ("open", {"election": s.fingerprint,
                             "signatures": {**body_of_open()["signatures"], "trustees": {}}}, None), "signed by all 3"),
    Case("a ballot before the opening", lambda s: opening(s, 3), lambda s: cast(s), "must be of the type 'open'"),
    Case("the opening twice", opened, lambda s: ("open", body_of_open(), None), "only at the log's beginning"),
    Case("the manifest later", opened, lambda s: ("manifest", opening_body(0), None), "only at the log's beginning"),
    Case("an unknown type", opened, lambda s: ("vote", {}, None), "no entry of the type 'vote'"),
    Case("unknown fields", opened, lambda s: ("audited", {"tracker": "A" * 43, "voter": "x"}, None), "unknown fields"),
    Case("time goes back", opened, cast, "goes back behind the entry before it", time=OPENS_AT),
    Case("no time", opened, cast, "Expected a time", EncodingError, time="now"),
    # ballots
    Case("a ballot before opens_at", opened_early, cast,
         "before the opening or after the closing time", time=OPENS_AT - timedelta(seconds=1)),
    Case("a ballot after closes_at", opened, cast, "before the opening or after the closing time",
         time=CLOSES_AT + timedelta(seconds=1)),
    Case("a ballot after the extended closing", after(opened, signed("official", "extend", closes_at=LATER, reason="")),
         cast, "after the closing time", time=CLOSES_AT + timedelta(hours=1, seconds=1)),
    Case("a ballot after close", closed, lambda s: cast(s, 1), "may not follow: the election is closed"),
    Case("a ballot after annul", annulled, cast, "may not follow: the election is annulled"),
    Case("a ballot that is not given", opened, lambda s: (*cast(s)[:2], None), "ballot that belongs to it differ"),
    Case("an entry for another ballot", opened, lambda s: (*cast(s)[:2], cast(s)[2]), "that belongs to it differ"),
    Case("an entry for another voter", opened, for_another_voter, "ballot that belongs to it differ"),
    Case("an entry for another previous", opened, lambda s: cast(s, previous="A" * 43), "belongs to it differ"),
    Case("another voter's ballot", opened, someone_elses, "ballot that belongs to it differ"),
    Case("a ballot unsigned", opened, lambda s: cast(s, signature=""), "malformed", SignatureRefused),
    Case("a ballot signed by another voter", opened,
         lambda s: cast(s, signature=s.voters[1].key.sign("cast", {"tracker": cast(s)[1]["tracker"]})),
         "does not fit", SignatureRefused),
    Case("the same ballot again", voted, same_ballot_again, "does not follow this voter's latest ballot"),
    Case("a first ballot after another", voted, lambda s: cast(s, previous_ballot=""), "does not follow this voter's"),
    Case("a revote over nothing", opened, lambda s: cast(s, previous_ballot="A" * 43), "does not follow this voter's"),
    Case("a revote over an older ballot", after(voted, cast),
         lambda s: cast(s, previous_ballot=s.ballots[0].tracker), "does not follow this voter's latest"),
    Case("a revote over another voter's ballot", voted, lambda s: cast(s, 1, previous_ballot=s.ballots[0].tracker),
         "does not follow this voter's latest"),
    Case("an audited ballot", ballot_that_was_audited,
         lambda s: ("ballot", ballot_body(s.ballots[-1], s.voters[1].key), s.ballots[-1]),
         "an audited ballot cannot be cast"),
    Case("a voter who is not on the roll", opened, lambda s: stranger(s), "not on the roll, or was replaced or struck"),
    Case("a struck voter", after(opened, struck()), cast, "not on the roll, or was replaced or struck"),
    Case("a replaced key", after(opened, replaced()), cast, "not on the roll, or was replaced or struck"),
    # audited
    Case("audited after close", closed, audited, "may not follow: the election is closed"),
    Case("audited twice", ballot_that_was_audited, lambda s: ("audited", {"tracker": s.ballots[-1].tracker}, None),
         "This ballot was audited"),
    Case("audited after it was cast", voted, lambda s: ("audited", {"tracker": s.ballots[0].tracker}, None),
         "tracker is already on the board"),
    Case("audited is no tracker", opened, lambda s: ("audited", {"tracker": "x"}, None), "32 bytes", EncodingError),
    # replace and strike
    Case("replace after close", closed, replaced(), "may not follow: the election is closed"),
    Case("replace signed by the official", opened, replaced(signer="official"), "does not fit", SignatureRefused),
    Case("replace of a stranger", opened,
         lambda s: ("replace", s.signed_by("registrar", "replace", old="A" * 43, new=seeded_key("x").public), None),
         "not on the roll, or was replaced or struck"),
    Case("replace twice", after(opened, replaced()), replaced(fresh="another"), "was replaced or struck"),
    Case("replace of a struck key", after(opened, struck()), replaced(), "was replaced or struck"),
    Case("replace by a key of the roll", opened, lambda s: ("replace", s.signed_by(
        "registrar", "replace", old=voter_key(s, 0), new=voter_key(s, 1)), None), "was used before"),
    Case("replace by itself", opened, lambda s: ("replace", s.signed_by(
        "registrar", "replace", old=voter_key(s, 0), new=voter_key(s, 0)), None), "was used before"),
    Case("replace by a struck key", after(opened, struck(1)), lambda s: ("replace", s.signed_by(
        "registrar", "replace", old=voter_key(s, 0), new=voter_key(s, 1)), None), "was used before"),
    Case("two replaced by one key", after(opened, replaced(0)), replaced(1), "was used before"),
    *(Case(f"replace by the {name}'s key", opened, replaced(fresh=name), "was used before")
      for name in ("board", "registrar", "official", "Olga", "trustee 2")),
    Case("replace by a key of small order", opened, lambda s: ("replace", s.signed_by(
        "registrar", "replace", old=voter_key(s, 0), new=codec.encode_bytes(encode(small_order_points()[1]))), None),
        "prime order", SignatureRefused),
    Case("replace by no key", opened, lambda s: ("replace", s.signed_by(
        "registrar", "replace", old=voter_key(s, 0), new="x"), None), "malformed", SignatureRefused),
    Case("strike after close", closed, struck(), "may not follow: the election is closed"),
    Case("strike signed by the board", opened, struck(signer="board"), "does not fit", SignatureRefused),
    Case("strike twice", after(opened, struck()), struck(), "was replaced or struck"),
    Case("strike of a replaced key", after(opened, replaced()), struck(), "was replaced or struck"),
    Case("a strike's signature for another", opened,
         lambda s: ("strike", {**struck(0)(s)[1], "voter": voter_key(s, 1)}, None), "does not fit", SignatureRefused),
    # extend and annul
    Case("extend after close", closed, signed("official", "extend", closes_at=LATER, reason=""), "is closed"),
    Case("extend too late", opened, signed("official", "extend", closes_at=LATER, reason=""),
         "before the election closes", time=CLOSES_AT + timedelta(seconds=1)),
    Case("extend to the same time", opened,
         signed("official", "extend", closes_at=codec.encode_time(CLOSES_AT), reason=""), "must move the closing time"),
    Case("extend to an earlier time", after(opened, signed("official", "extend", closes_at=LATER, reason="")),
         signed("official", "extend", closes_at=codec.encode_time(CLOSES_AT), reason=""), "must move the closing time"),
    Case("extend to no time", opened, signed("official", "extend", closes_at="never", reason=""), "Expected a time",
         EncodingError),
    Case("extend signed by the registrar", opened, signed("registrar", "extend", closes_at=LATER, reason=""),
         "does not fit", SignatureRefused),
    Case("annul before the opening", lambda s: opening(s, 3), signed("official", "annul", reason=""),
         "must be of the type 'open'"),
    Case("annul signed by a trustee", opened, signed("trustee 1", "annul", reason=""), "does not fit",
         SignatureRefused),
    Case("annul twice", annulled, signed("official", "annul", reason=""), "the election is annulled"),
    Case("a strike's signature for an annulment", opened,
         lambda s: ("annul", {"reason": "x", "signature": s.signed_by("official", "extend", reason="x")["signature"]},
                    None), "does not fit", SignatureRefused),
    # close
    Case("close after annul", annulled, close, "the election is annulled"),
    Case("close twice", closed, close, "the election is closed"),
    Case("close with another size", opened, lambda s: close(s, size=s.board.size), "must name the log's size"),
    Case("close with another count", voted, lambda s: close(s, counted=codec.encode_bytes(codec.digest("counted", []))),
         "names other ballots as counted"),
    Case("close signed by the board", opened, lambda s: close(s, "board"), "does not fit", SignatureRefused),
    Case("close unsigned, by an official", opened, lambda s: ("close", {**close(s)[1], "signature": ""}, None),
         "malformed", SignatureRefused, time=CLOSES_AT),
    Case("close by time, signed", opened, close, "closes unsigned, and not before", time=CLOSES_AT,
         manifest={"closing": "time"}),
    Case("close by time, too early", opened, lambda s: ("close", {**close(s)[1], "signature": ""}, None),
         "closes unsigned, and not before", time=CLOSES_AT - timedelta(seconds=1), manifest={"closing": "time"}),
    Case("close by time, before the extended one",
         after(opened, signed("official", "extend", closes_at=LATER, reason="")),
         lambda s: ("close", {**close(s)[1], "signature": ""}, None), "closes unsigned, and not before",
         time=CLOSES_AT, manifest={"closing": "time"}),
    # intents and tally
    Case("an intent before close", opened, lambda s: ("intent", {"trustee": 1, "signature": "x"}, None), "is open"),
    Case("an intent after the tally", tallied, lambda s: ("intent", intent(s, "Olga", observer=0), None), "is tallied"),
    Case("an intent by nobody", closed, lambda s: ("intent", intent(s, "Olga", trustee=0), None), "no trustee 0"),
    Case("an intent by a fourth", closed, lambda s: ("intent", intent(s, "Olga", trustee=4), None), "no trustee 4"),
    Case("an intent by no observer", closed, lambda s: ("intent", intent(s, "Olga", observer=2), None),
         "no observer 2"),
    Case("an intent twice", then(closed, intends(2)),
         lambda s: ("intent", intent(s, "trustee 2", trustee=2), None), "Trustee 2 has already signed"),
    Case("an observer's intent twice", then(closed, observes(1)),
         lambda s: ("intent", intent(s, "Omar", observer=1), None), "Observer 1 has already signed"),
    Case("an intent by another's key", closed, lambda s: ("intent", intent(s, "trustee 1", trustee=2), None),
         "does not fit", SignatureRefused),
    Case("an intent on another log", closed, of_another_log, "does not fit", SignatureRefused),
    Case("a tally before close", opened, lambda s: ("tally", {"sha256": "A" * 43}, None), "is open"),
    Case("a tally without intents", closed, lambda s: ("tally", {"sha256": "A" * 43}, None),
         "needs the intents of 4 signers; the log has 0"),
    Case("a tally with three of four", then(closed, intends(1), intends(2), observes(0)),
         lambda s: ("tally", {"sha256": "A" * 43}, None), "needs the intents of 4 signers; the log has 3"),
    Case("a tally of no hash", then(closed, *map(intends, (1, 2, 3)), observes(0)),
         lambda s: ("tally", {"sha256": "A" * 42}, None), "32 bytes", EncodingError),
    Case("a tally twice", tallied, lambda s: ("tally", {"sha256": "A" * 43}, None), "is tallied"),
    Case("a tally after annul", annulled, lambda s: ("tally", {"sha256": "A" * 43}, None), "is annulled"),
    *(Case(f"{kind} after the tally", tallied, propose, "is tallied") for kind, propose in (
        ("a ballot", cast), ("audited", audited), ("replace", replaced()), ("strike", struck()), ("close", close))),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_refused(case: Case) -> None:
    simulation = new(**(case.manifest or {}))
    case.prepare(simulation)
    board = simulation.board
    kind, body, ballot = case.propose(simulation)
    moment = case.time if case.time is not None else simulation.now + timedelta(seconds=1)
    time = moment if isinstance(moment, str) else codec.encode_time(moment)
    before = state(board)
    with pytest.raises(case.error, match=re.escape(case.reason)) as caught:
        board.admit(Entry(board.size, time, kind, dict(body)), ballot)
    assert caught.type is case.error
    assert state(board) == before
