"""Honest records of every shape pass, and what is not asked of a record is said."""

import shutil
from pathlib import Path

import pytest

from tests.verifier.conftest import OUTCOMES, Check, reasons
from tests.verifier.forge.bytes import Signer, b64, signed_note
from tests.verifier.forge.world import ORIGIN, World
from verifier.check import check_record
from verifier.context import Options
from verifier.errors import Missing
from verifier.report import PARTS

WON = {"mayor": {"elected": ["ada"], "tied": []}}


def test_every_kind_of_contest_and_entry(honest: Path, check: Check) -> None:
    report = check(honest)
    assert report.failed_parts() == [], reasons(report)
    assert report.exit_code == 0
    assert set(report.not_due) == {"3 log: since", "4 opening: fingerprint"}
    assert set(report.finished) | set(report.not_due) == set(PARTS)
    assert report.looked_at["6 proofs: equations"] == 6 * 79
    found = {str(result["contest"]): result for result in report.results}
    assert found["mayor"]["totals"] == [1, 4, 0, 0]
    assert found["mayor"]["ballots"] == 4
    assert found["money"]["totals"] == [3, 16]
    assert {id_: {"elected": r["elected"], "tied": r["tied"]} for id_, r in found.items()} == OUTCOMES


@pytest.mark.parametrize("batch", [1, 2, 100])
def test_batches_of_any_size(batch: int, honest: Path, check: Check) -> None:
    report = check(honest, batch=batch)
    assert report.exit_code == 0, reasons(report)


def test_several_processes_find_the_same(tmp_path: Path) -> None:
    world = World(voters={f"v{i}": 1 for i in range(90)}).open()
    for name in world.voters:
        for _ in range(6):
            world.cast(name, [["ada"]])
    folder = world.finish(WON).write(tmp_path)
    one, two = (check_record(folder, Options(allow_test_keys=True, jobs=jobs)) for jobs in (1, 2))
    assert one.exit_code == two.exit_code == 0, reasons(two)
    assert one.looked_at == two.looked_at
    assert one.results == two.results


def test_closed_by_the_official_and_early(check: Check) -> None:
    world = World(closing="official", observers=0).open()
    world.cast("ann")
    world.close(at=20)
    for number in (1, 2, 3):
        world.intend("trustee", number)
    world.count(WON, members=[2, 3])
    report = check(world.log_tally())
    assert report.exit_code == 0, reasons(report)


def test_five_trustees_two_observers(check: Check) -> None:
    world = World(trustees=5, threshold=3, observers=2).open()
    world.cast("ann")
    report = check(world.finish(WON))
    assert report.exit_code == 0, reasons(report)


def test_one_trustee_alone(check: Check) -> None:
    world = World(trustees=1, threshold=1, observers=0).open()
    world.cast("ann")
    report = check(world.finish(WON))
    assert report.exit_code == 0, reasons(report)


def test_a_ballot_style_of_its_own(check: Check) -> None:
    world = World()
    lines = [{"voter": v.public, "style": "first", "weight": 1} for v in world.voters.values()]
    world.set_roll(sorted(lines, key=lambda line: str(line["voter"])))
    world.open().cast("ann")
    report = check(world.finish(WON))
    assert report.exit_code == 0, reasons(report)


def test_nobody_voted(check: Check) -> None:
    report = check(World().open().finish())
    assert report.exit_code == 0, reasons(report)
    assert any("mayor stays closed" in note for note in report.notes)
    assert report.results == []


def test_too_few_ballots_stay_closed(check: Check) -> None:
    world = World(min_ballots=3).open()
    world.cast("ann")
    world.cast("ben")
    report = check(world.finish())
    assert report.exit_code == 0, reasons(report)


def test_a_rare_weight_stays_closed(check: Check) -> None:
    world = World(voters={"ann": 2, "ben": 2, "cat": 1}, min_ballots=2).open()
    for name in world.voters:
        world.cast(name)
    world.close()
    for number in (1, 2, 3):
        world.intend("trustee", number)
    world.count(WON)
    assert world.tally is not None
    opened = check(world.log_tally())
    assert opened.failed_parts() == ["9 aggregates: withheld"]


def test_until_the_close(check: Check) -> None:
    world = World().open()
    world.cast("ann")
    world.close()
    world.intend("trustee", 2)
    report = check(world, until_close=True)
    assert report.exit_code == 0, reasons(report)
    assert "12 outcome: outcome" in report.not_due
    assert check(world).exit_code == 2


def test_until_the_close_needs_a_close(check: Check) -> None:
    world = World().open()
    world.cast("ann")
    report = check(world, until_close=True)
    assert report.exit_code == 1
    assert "3 log: closing" in report.failed_parts()


@pytest.mark.parametrize("closed", [False, True])
def test_annulled(closed: bool, check: Check) -> None:
    world = World().open()
    world.cast("ann")
    if closed:
        world.close()
        world.intend("trustee", 1)
    world.by_official("annul", reason="The lists were mixed up")
    report = check(world)
    assert report.exit_code == 0, reasons(report)
    assert report.annulled
    assert any("ANNULLED" in note and "mixed up" in note for note in report.notes)


def test_annulled_after_the_tally(check: Check) -> None:
    world = World().open()
    world.cast("ann")
    world.finish(WON)
    world.by_official("annul", reason="A court said so")
    report = check(world)
    assert report.exit_code == 0, reasons(report)
    assert report.annulled
    assert report.looked_at["12 outcome: outcome"] == 1


def test_annulled_with_a_tally_that_is_not_on_the_log(check: Check) -> None:
    world = World().open()
    world.cast("ann")
    world.by_official("annul", reason="The lists were mixed up")
    world.more_files["tally.json"] = b"{}"
    assert check(world).failed_parts() == ["1 encoding: files"]


def test_more_lines_than_a_file_holds(check: Check) -> None:
    world = World().open()
    for number in range(10_010):
        world.append("audited", {"tracker": b64(number.to_bytes(32, "big"))}, at=number / 60)
    world.cast("ann")
    report = check(world.finish(WON))
    assert report.exit_code == 0, reasons(report)
    assert report.looked_at["1 encoding: log"] == 10_021


def test_fingerprint(honest: Path, honest_world: World, check: Check) -> None:
    assert check(honest, election=honest_world.election).not_due.keys() == {"3 log: since"}
    for other in ("A" * 43, "town"):
        assert check(honest, election=other).failed_parts() == ["4 opening: fingerprint"]


def test_since(honest: Path, honest_world: World, check: Check) -> None:
    leaves = honest_world.leaves()
    for size in (0, 1, 7, len(leaves)):
        note = signed_note(ORIGIN, leaves[:size], honest_world.board)
        assert check(honest, since=note.encode()).exit_code == 0
    wrong = [
        signed_note(ORIGIN, [*leaves[:6], b"{}"], honest_world.board),
        signed_note(ORIGIN, [*leaves, b"{}"], honest_world.board),
        signed_note(ORIGIN, leaves[:6], Signer("other")),
        "rubbish",
    ]
    for note in wrong:
        assert check(honest, since=note.encode()).failed_parts() == ["3 log: since"]


def test_test_keys_are_refused_in_earnest(honest: Path, check: Check) -> None:
    report = check(honest, allow_test_keys=False)
    assert report.failed_parts() == ["2 key: basics"]
    assert "--allow-test-keys" in reasons(report)


@pytest.mark.parametrize(
    "name", ["manifest.json", "key.json", "roll.jsonl", "checkpoint", "log", "ballots", "tally.json"]
)
def test_a_missing_file_makes_it_incomplete(name: str, honest: Path, check: Check) -> None:
    path = honest / name
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    report = check(honest)
    assert report.exit_code == 2
    assert "1 encoding: files" in report.failed_parts()


@pytest.mark.parametrize("name", ["manifest.json", "key.json"])
@pytest.mark.parametrize("data", [b"", b"rubbish", b"\xff", b"[" * 100_000])
def test_no_json_at_all_makes_it_incomplete(name: str, data: bytes, honest: Path, check: Check) -> None:
    (honest / name).write_bytes(data)
    assert check(honest).exit_code == 2


@pytest.mark.parametrize("name", ["manifest.json", "key.json"])
def test_json_of_another_form_has_failed(name: str, honest: Path, check: Check) -> None:
    (honest / name).write_bytes((honest / name).read_bytes() + b"\n")
    assert check(honest).exit_code == 1


def test_no_folder() -> None:
    with pytest.raises(Missing):
        check_record(Path("/nowhere/at/all"), Options())
