"""Vectors are judged alike by Python, by the verifier and (tests/js/vectors.test.mjs) by JavaScript."""

import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.vectors import judge_python, judge_verifier, write
from tests.vectors.vector import ACCEPT, FOLDER, Vector, read_vector

VECTORS = [read_vector(path) for path in sorted(FOLDER.glob("*.json"))]
VERIFIED = [vector for vector in VECTORS if vector.kind not in judge_verifier.NOT_JUDGED]
ROOT = FOLDER.parent.parent


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)
def test_python_judges(vector: Vector) -> None:
    assert judge_python.judge(vector) == vector.expect


@pytest.mark.parametrize("vector", VERIFIED, ids=lambda vector: vector.name)
def test_the_verifier_judges(vector: Vector) -> None:
    verdict = judge_verifier.judge(vector)
    assert judge_verifier.agrees(verdict, vector.expect), f"judged {verdict}"


def test_every_kind_is_judged_by_python_and_but_for_three_by_the_verifier() -> None:
    kinds = {vector.kind for vector in VECTORS}
    assert kinds == set(judge_python.JUDGES)
    assert kinds == set(judge_verifier.JUDGES) | set(judge_verifier.NOT_JUDGED)


def test_every_kind_has_something_to_accept_and_something_to_refuse() -> None:
    seen = Counter((vector.kind, vector.expect == ACCEPT) for vector in VECTORS)
    lacking = [kind for kind in judge_python.JUDGES for accepted in (True, False) if not seen[kind, accepted]]
    assert lacking == ["expand", "names"]  # which can only be computed otherwise


def test_every_vector_has_a_name_of_its_own_and_a_reason() -> None:
    assert len({vector.name for vector in VECTORS}) == len(VECTORS)
    assert all(vector.reason and "\n" not in vector.reason for vector in VECTORS)


def test_the_committed_vectors_are_those_that_the_generator_writes(tmp_path: Path) -> None:
    write.write(tmp_path)
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    committed = {
        path.name: path.read_bytes()
        for pattern in (f"{write.PREFIX}*.json", "election-*.json")
        for path in FOLDER.glob(pattern)
    }
    different = [name for name in sorted(written.keys() | committed.keys()) if written.get(name) != committed.get(name)]
    assert not different, f"write them anew (python -m tests.vectors.write): {different[:5]}"


def test_vectors_stay_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.glob("*.json")) < 1_500_000


@pytest.fixture(scope="session")
def from_javascript(tmp_path_factory: pytest.TempPathFactory) -> list[Vector]:
    """Let JavaScript write vectors now, with random numbers of its own."""
    node = shutil.which("node")
    assert node, "Node.js 20 is needed: install it, and put it on the PATH"
    folder = tmp_path_factory.mktemp("javascript")
    command = [node, "tests/js/write-vectors.mjs", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return [read_vector(path) for path in sorted(folder.glob("*.json"))]


def test_python_judges_what_javascript_writes(from_javascript: list[Vector]) -> None:
    assert len(from_javascript) > 40
    assert {vector.name: judge_python.judge(vector) for vector in from_javascript} == {
        vector.name: vector.expect for vector in from_javascript
    }


def test_the_verifier_judges_what_javascript_writes(from_javascript: list[Vector]) -> None:
    judged = [vector for vector in from_javascript if vector.kind not in judge_verifier.NOT_JUDGED]
    verdicts = {vector.name: (judge_verifier.judge(vector), vector.expect) for vector in judged}
    assert not {name: pair for name, pair in verdicts.items() if not judge_verifier.agrees(*pair)}
