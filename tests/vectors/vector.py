"""One test vector; the format is in README.md."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
ACCEPT = "accept"
_INNERMOST = re.compile(r"([{\[])\n +([^{}\[\]]*?)\n +([}\]])")


def _on_one_line(found: re.Match[str]) -> str:
    """Write an object or list without others inside on one line; texts hold no newline, so none is lost."""
    return found[1] + re.sub(r"\n +", " ", found[2]) + found[3]


@dataclass(frozen=True)
class Vector:
    """What is to be judged, why, and what the verdict must be.

    Attributes:
        name: The file's name without its ending.
        reason: Why the vector exists, in one line.
        kind: Which of README.md's inputs it is.
        expect: ``accept``, or the name of the check that refuses it.
        input: As README.md says for the kind.
        folder: Where the files are that the input refers to.
    """

    name: str
    reason: str
    kind: str
    expect: str
    input: Mapping[str, Any]
    folder: Path = field(default=FOLDER, compare=False)

    def encode(self) -> bytes:
        """Return the file's bytes, indented for people."""
        document = {
            "name": self.name, "reason": self.reason, "kind": self.kind, "expect": self.expect, "input": self.input
        }  # fmt: skip
        text = json.dumps(document, ensure_ascii=False, indent=1)
        return (_INNERMOST.sub(_on_one_line, text) + "\n").encode()

    def look_up(self, value: Any) -> Any:
        """Return a field of the input, from the file that it refers to if it does."""
        if not isinstance(value, dict):
            return value
        other = json.loads((self.folder / value["file"]).read_bytes())
        return other["input"][value["field"]]


def read_vector(path: Path) -> Vector:
    """Read a vector's file."""
    document = json.loads(path.read_bytes())
    assert document["name"] == path.stem, f"{path.name} is named {document['name']} inside"
    return Vector(**document, folder=path.parent)
