"""Write the vectors made by Python, after judging each of them.

    python -m tests.vectors.write [FOLDER]

The same files come out every time. Without a folder those of this one are written anew.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tests.vectors.judge_python import judge
from tests.vectors.making import ballot_vectors, codec_vectors, contest_vectors, example, key_vectors, log_vectors
from tests.vectors.vector import FOLDER, Vector

PREFIX = "python-"


def vectors() -> Iterator[Vector]:
    """Yield all vectors that Python makes; the elections that others refer to come first."""
    yield example.small_election()
    for part in (codec_vectors, contest_vectors, key_vectors, ballot_vectors, log_vectors):
        for vector in part.vectors():
            yield replace(vector, name=PREFIX + vector.name)


def write(folder: Path) -> int:
    """Write the vectors into a folder and remove those that are no longer made; returns how many there are.

    Raises:
        ValueError: A name stands twice, or a vector is judged otherwise than it says.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names: set[str] = set()
    for vector in vectors():
        if vector.name in names:
            raise ValueError(f"Two vectors are named {vector.name}.")
        names.add(vector.name)
        (folder / f"{vector.name}.json").write_bytes(vector.encode())
        found = judge(replace(vector, folder=folder))
        if found != vector.expect:
            raise ValueError(f"{vector.name} should be judged {vector.expect!r} but is {found!r}.")
    for path in [*folder.glob(f"{PREFIX}*.json"), *folder.glob("election-*.json")]:
        if path.stem not in names:
            path.unlink()
    return len(names)


if __name__ == "__main__":
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    print(f"{write(out)} vectors in {out}")
