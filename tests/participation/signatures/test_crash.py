"""kill -9 just before any commit: whoever was told to have signed is counted, nobody twice, and signing goes on."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from ballots import codec
from participation.signatures.confirming import confirm, read_link
from tests.support.signing import Signing
from verifier.petition import check_petition

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("commits", [1, 2, 3, 4, 6, 7])
def test_killed_before_a_commit(signing: Signing, tmp_path: Path, commits: int) -> None:
    now = signing.town.clock.now.isoformat()
    command = [sys.executable, "-m", "tests.support.crashing_counter", str(tmp_path), str(commits), now]
    killed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert killed.returncode == -9, killed.stderr
    told = [codec.decode_bytes(line, 32) for line in killed.stdout.splitlines() if len(line) == 43]

    for secret in told:
        assert read_link(signing.ports, signing.petition_id, secret).state == "signed"
        assert confirm(signing.ports, signing.petition_id, secret).state == "signed"
    for number in range(3):
        secret = signing.ask(signing.signer(number), f"10.2.0.{number}")
        if secret:
            confirm(signing.ports, signing.petition_id, secret)

    folder = signing.export(tmp_path / "record")
    report = check_petition(folder)
    lines = (folder / "log" / "00000.jsonl").read_bytes().splitlines()
    persons = Counter(codec.parse_canonical(line)["body"].get("person", "") for line in lines)
    assert report.failed_parts() == []
    assert report.counted["mail"] == 3
    assert [persons[person] for person in persons if person] == [1, 1, 1]
