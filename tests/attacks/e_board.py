"""E. The board: entries dropped, inserted, exchanged, too late, too early, or signed by the wrong people."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from ballots import codec
from ballots.checkpoint import Head
from tests.attacks.base import LATER
from tests.attacks.forge import Forge
from tests.attacks.register import attack, attacks
from tests.attacks.steps import Step, hash_text
from tests.support.elections import CLOSES_AT, OPENS_AT, seeded_key

SIGNERS = {"trustee 1", "trustee 2", "trustee 3", "observer 0", "observer 1"}
INTENTS = ("8 intents: quorum", "11 partials: members")
UNCOUNTED = ("7 counted: counted", "9 aggregates", "10 totals: ranges", "12 outcome")
UNDONE = ("3 log: window", "5 ballots: stored")
TALLY = ("9 aggregates", "10 totals", "11 partials", "12 outcome")
UNFIT = "signature does not fit"
MISPLACED = "may not follow|must be of the type"


def later(time: str, **by: int) -> str:
    return codec.encode_time(codec.parse_time(time) + timedelta(**by))


# --- E1: a board that counts another log than the one the signers saw; it holds its own key and the official's


@attack("E1", "8 intents: signatures", trustees=UNFIT, also=INTENTS)
def a_ballot_dropped_after_the_intents(forge: Forge) -> None:
    forge.honest = SIGNERS
    forge.drop(forge.ballots_of(forge.voters[4])[0])


@attack("E1", "8 intents: signatures", trustees=UNFIT, also=INTENTS)
def a_revote_dropped_after_the_intents(forge: Forge) -> None:
    forge.honest = SIGNERS
    forge.drop(forge.ballots_of(forge.voters[0])[1])


@attack("F1", "8 intents: signatures", trustees=UNFIT, also=INTENTS, name="a ballot stuffed after the intents")
@attack("E1", "8 intents: signatures", trustees=UNFIT, also=INTENTS)
def a_ballot_inserted_after_the_intents(forge: Forge) -> None:
    forge.honest = SIGNERS
    absent = forge.voters[13]
    choices = forge.ballots_of(forge.voters[4])[0].choices
    forge.insert(Step("ballot", "", voter=absent, choices=choices), before=forge.find("close"))


@attack("E1", "8 intents: signatures", trustees=UNFIT, also=INTENTS)
def two_ballots_exchanged_after_the_intents(forge: Forge) -> None:
    forge.honest = SIGNERS
    one, two = forge.place(forge.ballots[3]), forge.place(forge.ballots[4])
    forge.steps[one], forge.steps[two] = forge.steps[two], forge.steps[one]
    forge.steps[one].time, forge.steps[two].time = forge.steps[two].time, forge.steps[one].time


@attack("E1", "3 log: order", trustees="stands where entry")
def a_gap_in_the_numbers(forge: Forge) -> None:
    for place, step in enumerate(forge.steps[6:], 7):
        step.index = place


@attack("E1", "3 log: order", trustees="stands where entry")
def two_entries_of_one_number(forge: Forge) -> None:
    forge.steps[7].index = 6


@attack("E1", "3 log: order", trustees=MISPLACED, also=("4 opening: key", "4 opening: manifest"))
def the_key_before_the_manifest(forge: Forge) -> None:
    forge.steps[0], forge.steps[1] = forge.steps[1], forge.steps[0]
    forge.steps[0].time = forge.steps[1].time


@attack("E1", "3 log: order", trustees=MISPLACED, also=("4 opening: open", *UNCOUNTED))
def a_ballot_before_the_opening(forge: Forge) -> None:
    forge.drop(forge.ballots_of(forge.voters[0])[1])
    forge.steps[3], forge.steps[4] = forge.steps[4], forge.steps[3]
    forge.steps[3].time, forge.steps[4].time = forge.steps[4].time, forge.steps[3].time


def again(kind: str, before: str = "close") -> Callable[[Forge], None]:
    def apply(forge: Forge) -> None:
        first = forge.find(kind)
        forge.insert(Step(kind, "", dict(first.body), dict(first.fixed)), before=forge.find(before))

    return apply


attacks(
    "E1",
    "3 log: order",
    "only at the log's beginning",
    a_second_manifest=again("manifest"),
    a_second_key=again("key"),
    a_second_roll=again("roll"),
    a_second_opening=again("open"),
)


def after_close(step: Callable[[Forge], Step]) -> Callable[[Forge], None]:
    def apply(forge: Forge) -> None:
        forge.insert(step(forge), before=forge.find("intent"))

    return apply


def more_choices(forge: Forge) -> Step:
    voter = forge.voters[8]
    return Step("ballot", "", voter=voter, choices=forge.ballots_of(voter)[0].choices)


attacks(
    "E5",
    "3 log: order",
    "the election is closed",
    ("5 ballots: stored",),
    a_ballot_after_the_close=after_close(more_choices),
    an_audit_after_the_close=after_close(lambda forge: Step("audited", "", {"tracker": "A" * 43})),
    a_strike_after_the_close=after_close(lambda forge: Step("strike", "", {"voter": forge.voters[8].key.public})),
    a_replacement_after_the_close=after_close(
        lambda forge: Step("replace", "", {"old": forge.voters[8].key.public, "new": seeded_key("new").public})
    ),
    an_extension_after_the_close=after_close(
        lambda forge: Step("extend", "", {"closes_at": later(LATER, days=1), "reason": ""})
    ),
    a_second_close=after_close(lambda forge: Step("close", "")),
)


@attack("E1", "3 log: order", trustees="the election is tallied")
def an_entry_after_the_tally(forge: Forge) -> None:
    forge.append("intent", body={"trustee": 1})


@attack("E1", "3 log: order", trustees="the election is open", also=("8 intents: quorum",))
def an_intent_before_the_close(forge: Forge) -> None:
    intent, close = forge.find("intent"), forge.find("close")
    forge.drop(intent)
    forge.insert(intent, before=close)
    intent.time = close.time
    intent.body["signature"] = forge.keys["observer 0"].sign("intent", {})
    forge.honest = {"observer 0"}


@attack("E1", "3 log: order", trustees="the election is annulled", also=("1 encoding: files",))
def a_tally_after_the_annulment(forge: Forge) -> None:
    forge.insert(Step("annul", "", {"reason": "Fire"}), before=forge.find("tally"))


@attack("E1", "3 log: order", trustees="the election is annulled", also=UNDONE)
def a_ballot_after_the_annulment(forge: Forge) -> None:
    last = forge.ballots[-1]
    forge.insert(Step("annul", "", {"reason": "Fire"}), before=last)
    forge.drop(*(step for step in forge.steps if step.kind in ("close", "intent", "tally")))


@attack("E1", "1 encoding: log", trustees="number", also=("3 log: order", "4 opening: key"))
def a_number_written_as_true(forge: Forge) -> None:
    forge.steps[1].index = True


# --- E1: a record cut short, its checkpoint signed anew


def cut_before(kind: str) -> Callable[[Forge], None]:
    def apply(forge: Forge) -> None:
        forge.steps = forge.steps[: forge.place(forge.find(kind))]

    return apply


attacks(
    "E1",
    "1 encoding: files",
    "tally",
    ("1 encoding: tally", "3 log: tally", *TALLY),
    exit_code=2,
    a_log_cut_before_the_tally=cut_before("tally"),
)
attacks(
    "E1",
    "3 log: closing",
    "not closed",
    ("1 encoding", "3 log: tally", "4 opening", "5 ballots", "6 proofs", "7 counted", "8 intents", *TALLY),
    exit_code=2,
    a_log_cut_before_the_close=cut_before("close"),
    a_log_cut_before_the_first_ballot=cut_before("ballot"),
)
attacks(
    "E1",
    "3 log: order",
    "not closed",
    ("1 encoding", "3 log", "4 opening", "5 ballots", "6 proofs", "7 counted", "8 intents", *TALLY),
    exit_code=2,
    a_log_cut_before_the_opening=cut_before("open"),
    a_log_of_nothing=cut_before("manifest"),
)


# --- heads


def headed(change: Callable[[Forge, Head], Head]) -> Callable[[Forge], None]:
    def apply(forge: Forge) -> None:
        forge.headed = lambda head: change(forge, head)

    return apply


def with_board_key(forge: Forge) -> None:
    forge.keys["board"] = seeded_key("somebody")


def with_text(change: Callable[[str], str]) -> Callable[[Forge], None]:
    def apply(forge: Forge) -> None:
        forge.spoils.append(lambda folder: spoil_text(folder / "checkpoint", change))

    return apply


def spoil_text(path: Path, change: Callable[[str], str]) -> None:
    path.write_text(change(path.read_text()))


attacks(
    "E1",
    "3 log: checkpoint",
    "not the one that the board's checkpoint signs|checkpoint",
    a_checkpoint_of_fewer_entries=headed(lambda forge, head: Head(head.size - 1, forge.tree.root(head.size - 1))),
    a_checkpoint_of_more_entries=headed(lambda forge, head: Head(head.size + 1, head.root)),
    a_checkpoint_of_another_root=headed(lambda forge, head: Head(head.size, forge.tree.root(head.size - 1))),
    a_checkpoint_of_nothing=headed(lambda forge, head: Head(0, forge.tree.root(0))),
    a_checkpoint_signed_by_another_key=with_board_key,
    a_checkpoint_without_signature=with_text(lambda text: text.split("—")[0]),
    a_checkpoint_of_another_log=with_text(lambda text: text.replace("vote.example/test", "vote.example/best")),
)


# --- E1: the stored ballots


def stored(change: Callable[[list[bytes]], list[bytes]]) -> Callable[[Forge], None]:
    def spoil(folder: Path) -> None:
        path = folder / "ballots" / "00000.jsonl"
        path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))

    return lambda forge: forge.spoils.append(spoil)


attacks(
    "E1",
    "5 ballots: stored",
    "differ|no ballot for this entry|more ballots than its log|malformed|must answer|another",
    (
        "5 ballots: voter",
        "5 ballots: shape",
        "5 ballots: signature",
        "6 proofs: equations",
        "6 proofs: challenges",
        "9 aggregates: ciphertexts",
    ),
    a_stored_ballot_left_out=stored(lambda lines: lines[:4] + lines[5:]),
    the_last_stored_ballot_left_out=stored(lambda lines: lines[:-1]),
    all_stored_ballots_left_out=stored(lambda lines: []),
    a_stored_ballot_twice=stored(lambda lines: [*lines[:5], lines[4], *lines[5:]]),
    a_stored_ballot_too_many=stored(lambda lines: [*lines, lines[0]]),
    stored_ballots_exchanged=stored(lambda lines: [lines[4], *lines[1:4], lines[0], *lines[5:]]),
)


@attack("E3", "5 ballots: trackers", trustees="already on the board|latest ballot", also=("5 ballots: previous",))
def one_ballot_for_two_voters(forge: Forge) -> None:
    """Show two voters one ballot, which a booth could do if voters did not look for their own number."""
    one, two = forge.ballots_of(forge.voters[4])[0], forge.ballots_of(forge.voters[8])[0]
    two.voter, two.ballot, two.kept = one.voter, one.ballot, True


# --- E5: times


@attack("E5", "3 log: times", trustees="goes back")
def a_clock_that_goes_back(forge: Forge) -> None:
    forge.ballots[5].time = later(forge.ballots[4].time, seconds=-1)


@attack("E5", "3 log: times", trustees="goes back")
def a_late_ballot_dated_back(forge: Forge) -> None:
    forge.drop(forge.find("extend"), *forge.ballots_of(forge.voters[11]))
    close = forge.find("close")
    forge.insert(Step("audited", later(codec.encode_time(CLOSES_AT), hours=1), {"tracker": "A" * 43}), before=close)
    voter = forge.voters[8]
    late = Step("ballot", codec.encode_time(CLOSES_AT), voter=voter, choices=forge.ballots_of(voter)[0].choices)
    forge.insert(late, before=close)


@attack("E5", "3 log: window", trustees="after the closing time")
def a_late_ballot(forge: Forge) -> None:
    forge.drop(forge.find("extend"))


@attack("E5", "3 log: window", trustees="before the opening")
def an_early_ballot(forge: Forge) -> None:
    for step in forge.steps[:6]:
        step.time = later(codec.encode_time(OPENS_AT), seconds=-1)


@attack("E5", "3 log: window", trustees="before the election closes")
def a_late_extension(forge: Forge) -> None:
    forge.find("extend").time = later(codec.encode_time(CLOSES_AT), seconds=1)


@attack("E5", "3 log: window", trustees="move the closing time later")
def an_extension_to_an_earlier_time(forge: Forge) -> None:
    first = forge.find("extend")
    body = {"closes_at": codec.encode_time(CLOSES_AT), "reason": "Shorter."}
    forge.insert(Step("extend", first.time, body), before=forge.steps[forge.place(first) + 1])


@attack("E5", "3 log: window", trustees=UNFIT)
def an_extension_that_the_official_did_not_sign(forge: Forge) -> None:
    forge.keys["official"] = seeded_key("somebody")
    forge.honest = {"official"}
    forge.find("extend").fixed = {"closes_at": later(LATER, days=1)}
    for step in (forge.find("open"), forge.find("close")):
        step.fixed = dict(step.body)


@attack("E5", "3 log: window", trustees=UNFIT)
def an_extension_signed_by_the_registrar(forge: Forge) -> None:
    step = forge.find("extend")
    fields = {name: step.body[name] for name in ("closes_at", "reason")}
    signed = {"election": forge.fingerprint, **fields}
    step.fixed = {"signature": forge.keys["registrar"].sign("extend", signed)}


@attack("E5", "3 log: closing", trustees=UNFIT)
def a_close_that_the_official_did_not_sign(forge: Forge) -> None:
    close = forge.find("close")
    signed = {"election": forge.fingerprint, **{name: close.body[name] for name in ("size", "counted")}}
    close.fixed = {"signature": forge.keys["board"].sign("close", signed)}


@attack("E5", "3 log: closing", trustees="closes unsigned, and not before", also=("3 log: window",))
def an_election_closed_before_its_time(forge: Forge) -> None:
    forge.manifest["closing"] = "time"


@attack("E5", "3 log: closing", trustees="closes unsigned")
def an_election_that_closes_by_time_closed_with_a_signature(forge: Forge) -> None:
    forge.manifest["closing"] = "time"
    close = forge.find("close")
    for step in forge.steps[forge.place(close) :]:
        step.time = later(LATER, minutes=1)
    close.fixed = {"signature": close.body["signature"]}


@attack("E1", "3 log: closing", trustees="must name the log's size")
def a_close_that_names_another_size(forge: Forge) -> None:
    close = forge.find("close")
    close.fixed = {"size": close.body["size"] - 1}


@attack("E1", "7 counted: counted", trustees="other ballots as counted")
def a_close_that_leaves_out_a_counted_ballot(forge: Forge) -> None:
    close = forge.find("close")
    trackers = [step.tracker for step, _ in forge.counted(forge.place(close))]
    close.fixed = {"counted": hash_text("counted", trackers[:-1])}


@attack("E1", "3 log: closing", trustees=UNFIT)
def an_annulment_that_the_official_did_not_sign(forge: Forge) -> None:
    forge.append("annul", body={"reason": "We lost."})
    forge.rewrite = {("annul", "official"): forge.keys["board"].sign("annul", {"election": forge.fingerprint})}


@attack("E1", "3 log: tally", trustees="not the file whose hash")
def a_tally_other_than_the_logged_one(forge: Forge) -> None:
    """Leave the right tally out of the log: the hash there is that of a tally with other partials."""
    forge.find("tally").fixed = {"sha256": "A" * 43}
