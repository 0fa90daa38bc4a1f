"""The commands as people and programs call them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.verifier.forge.bytes import signed_note
from tests.verifier.forge.world import EVERY_CHOICE, ORIGIN, World, contest
from verifier.cli import main
from verifier.render import plain


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_check_passes(honest: Path) -> None:
    result = call("check", honest, "--allow-test-keys", "--jobs", 1)
    assert result.exit_code == 0, result.output
    assert "PASSED." in result.output
    assert "elected: Bob" in result.output
    assert "with --election" in result.output


def test_check_fails_and_says_so(honest: Path) -> None:
    result = call("check", honest, "--jobs", 1)
    assert result.exit_code == 1
    assert "Failed: 2 key." in result.output


def test_check_of_what_is_no_record(tmp_path: Path) -> None:
    result = call("check", tmp_path)
    assert result.exit_code == 2
    assert "INCOMPLETE." in result.output
    assert call("check", tmp_path / "nowhere").exit_code == 2


def test_check_as_json(honest: Path, honest_world: World) -> None:
    result = call("check", honest, "--allow-test-keys", "--json", "--jobs", 1, "--election", honest_world.election)
    found = json.loads(result.output)
    assert result.exit_code == found["exit_code"] == 0
    assert found["passed"]
    assert found["failed"] == []
    assert [check["check"] for check in found["checks"]] == [
        "1 encoding",
        "2 key",
        "3 log",
        "4 opening",
        "5 ballots",
        "6 proofs",
        "7 counted",
        "8 intents",
        "9 aggregates",
        "10 totals",
        "11 partials",
        "12 outcome",
    ]


def test_failures_as_json(honest: Path) -> None:
    (honest / "extra").write_bytes(b"")
    found = json.loads(call("check", honest, "--allow-test-keys", "--json", "--jobs", 1).output)
    assert found["failed"] == ["1 encoding"]
    [part] = [part for part in found["checks"][0]["parts"] if not part["passed"]]
    assert part["part"] == "files"
    assert part["failures"][0]["place"] == "extra"


def test_since(honest: Path, honest_world: World, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text(signed_note(ORIGIN, honest_world.leaves()[:5], honest_world.board))
    assert call("check", honest, "--allow-test-keys", "--since", kept, "--jobs", 1).exit_code == 0
    assert call("check", honest, "--allow-test-keys", "--since", tmp_path / "lost", "--jobs", 1).exit_code == 2


def test_receipt_in_any_order(honest: Path, honest_world: World, tmp_path: Path) -> None:
    receipt = tmp_path / "receipt.json"
    receipt.write_text(json.dumps(honest_world.receipt(5), indent=1) + "\n")
    for arguments in ([receipt, honest], [honest, receipt], [receipt, "--record", honest]):
        result = call("receipt", *arguments)
        assert result.exit_code == 0, result.output
        assert "counts: yes" in result.output
    found = json.loads(call("receipt", honest, receipt, "--json").stdout)
    assert found["passed"]
    assert found["papers"][0]["kind"] == "receipt"


def test_receipt_of_somebody_else(honest: Path, tmp_path: Path) -> None:
    other = World(seed=2).open()
    other.cast("ann")
    receipt = tmp_path / "receipt.json"
    receipt.write_text(json.dumps(other.receipt(4)))
    assert call("receipt", honest, receipt).exit_code == 1


@pytest.mark.parametrize("arguments", [[], ["a.json"], ["a.json", "b.json"]])
def test_receipt_needs_a_record(arguments: list[str]) -> None:
    assert call("receipt", *arguments).exit_code == 2


def test_audit(honest: Path, honest_world: World, tmp_path: Path) -> None:
    file = tmp_path / "audited.json"
    file.write_text(json.dumps(honest_world.prover.openings(honest_world.make("cat", EVERY_CHOICE))))
    result = call("audit", file, "--record", honest)
    assert result.exit_code == 0, result.output
    assert "Ada (ada)" in result.output
    assert json.loads(call("audit", honest, file, "--json").stdout)["passed"]
    assert "512 bits" in result.stderr
    assert not call("audit", file, "--record", honest, "--allow-test-keys").stderr
    file.write_text("{}")
    assert call("audit", file, "--record", honest).exit_code == 1
    assert call("audit", tmp_path / "lost", "--record", honest).exit_code == 2


def test_fetch_refuses_other_addresses(tmp_path: Path) -> None:
    result = call("fetch", "file:///etc", tmp_path)
    assert result.exit_code == 1
    assert "http" in result.output


def test_as_a_program(honest: Path) -> None:
    """Run as its own process, as anybody would."""
    command = [sys.executable, "-m", "verifier", "check", str(honest), "--allow-test-keys", "--json"]
    done = subprocess.run(command, capture_output=True, check=False, cwd=Path(__file__).parents[2])
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["passed"]


def test_a_title_cannot_steer_the_terminal(tmp_path: Path) -> None:
    hostile = contest("mayor", "choose", "ada bob", {"name": "plurality", "seats": 1}, min=1, max=1)
    hostile["title"] = {"en": "\x1b[2J\u202egnol [bold]ca\nva[/bold]"}
    world = World([hostile], title={"en": "\x1b]0;owned\x07Town"}).open()
    world.cast("ann")
    world.finish({"mayor": {"elected": ["ada"], "tied": []}})
    result = call("check", world.write(tmp_path), "--allow-test-keys", "--jobs", 1)
    assert result.exit_code == 0, result.output
    assert "\x1b" not in result.output
    assert "\u202e" not in result.output
    assert "[bold]" in result.output


def test_plain_leaves_words_alone() -> None:
    assert plain("انتخابات می\u200cشود é 選挙 🗳") == "انتخابات می\u200cشود é 選挙 🗳"
