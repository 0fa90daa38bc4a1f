"""The real command, as a person runs it: one attack of each family, and the valid record with nothing else around."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.attacks.every import ATTACKS, attack_name
from tests.attacks.forge import Forge
from tests.attacks.register import Attack

REPOSITORY = Path(__file__).parents[2]
ONE_OF_EACH = [next(attack for attack in ATTACKS if attack.code.startswith(family)) for family in "ABCDEFGH"]

ALONE = """
import sys
record, home = sys.argv[1], sys.argv[2]
sys.path.insert(0, home)
opened, forbidden = [], []
OUTSIDE = ("socket", "subprocess", "urllib", "ftplib", "smtplib", "os.system", "os.exec", "os.posix_spawn")


def hook(event, arguments):
    if event.startswith(OUTSIDE):
        forbidden.append(event)
    if event == "open" and isinstance(arguments[0], str) and isinstance(arguments[2], int) and arguments[2] & 3:
        forbidden.append(f"writing {arguments[0]}")
    if event == "open" and isinstance(arguments[0], str) and arguments[0].startswith(record):
        opened.append(arguments[0][len(record) + 1 :])


sys.modules.update(dict.fromkeys(("ballots", "tally", "evote", "phe", "nacl", "flask", "sqlalchemy")))
from verifier.cli import main
sys.addaudithook(hook)
try:
    main(["check", record, "--allow-test-keys", "--json", "--jobs", "1"])
except SystemExit as leaving:
    print(sorted(set(opened)), sorted(set(forbidden)), leaving.code, sep="\\n", file=sys.stderr)
"""
NAMES = [
    "manifest.json",
    "key.json",
    "roll.jsonl",
    "checkpoint",
    "tally.json",
    "log/00000.jsonl",
    "ballots/00000.jsonl",
]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "verifier", *arguments]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize("attack", ONE_OF_EACH, ids=attack_name)
def test_the_command_exits_with_failure_and_names_the_check(attack: Attack, valid: Forge, tmp_path: Path) -> None:
    forge = valid.copy()
    attack.change(forge)
    record = forge.redo().write(tmp_path / "record")
    done = run("check", str(record), "--allow-test-keys", "--json")
    assert done.returncode == attack.exit_code
    check, part = attack.part.split(": ")
    told = json.loads(done.stdout)
    assert check in told["failed"]
    parts = {f"{one['check']}: {two['part']}": two for one in told["checks"] for two in one["parts"]}
    assert not parts[f"{check}: {part}"]["passed"]
    assert parts[f"{check}: {part}"]["failures"]


def test_what_the_command_says_to_people(valid: Forge, tmp_path: Path) -> None:
    forge = valid.copy()
    ONE_OF_EACH[2].change(forge)
    record = forge.redo().write(tmp_path / "record")
    done = run("check", str(record), "--allow-test-keys")
    assert done.returncode == 1
    assert "FAIL shape:" in done.stdout
    assert "entry 12" in done.stdout
    assert "FAILED. Do not rely on this result" in done.stdout
    done = run("check", str(valid.write(tmp_path / "valid")), "--allow-test-keys")
    assert done.returncode == 0
    assert "FAIL" not in done.stdout


def test_it_runs_alone_reads_only_the_record_and_speaks_to_nobody(valid_record: Path, tmp_path: Path) -> None:
    """H4. Only the verifier's own folder is on the path; opens, sockets and programs are watched."""
    shutil.copytree(REPOSITORY / "verifier", tmp_path / "home" / "verifier")
    command = [sys.executable, "-I", "-c", ALONE, str(valid_record), str(tmp_path / "home")]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    opened, forbidden, code = done.stderr.splitlines()[-3:]
    assert code == "0", done.stdout
    assert forbidden == "[]"
    assert opened == str(sorted(NAMES))
