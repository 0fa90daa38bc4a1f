"""`python -m evote create --media FOLDER`: pictures, documents and orders from the command line."""

import json
import os
from pathlib import Path

import pytest

from ballots import codec
from ballots.manifest import parse_manifest
from evote.cli import main
from tests.media.conftest import Draw
from tests.media.test_media_files import PDF
from tests.support.elections import MAYOR, manifest_fields


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("EVOTE_")]:
        monkeypatch.delenv(name)
    for name, value in {"DATA_DIR": str(tmp_path / "data"), "DEMO": "1", "ALLOW_TEST_KEYS": "1"}.items():
        monkeypatch.setenv(f"EVOTE_{name}", value)
    return tmp_path


def typed(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["evote", *words])
    try:
        main()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def test_create_takes_a_folder_of_media(
    home: Path, monkeypatch: pytest.MonkeyPatch, draw: Draw, capsys: pytest.CaptureFixture[str]
) -> None:
    fields = json.loads(codec.encode_canonical(manifest_fields((MAYOR,))))
    for name in ("id", "version", "board_key", "log_origin", "booth"):
        fields.pop(name)
    fields["contests"][0]["options"][0]["media"] = {"ada.jpg": "", "plan.pdf": ""}
    fields["orders"] = [{"id": "mayor", "name": "rotated", "by": "voter"}]
    (home / "definition.json").write_bytes(codec.encode_canonical(fields))
    assert typed(monkeypatch, "init") == 0
    assert typed(monkeypatch, "create", "definition.json") == 1
    assert "ada.jpg, which is not in the folder" in capsys.readouterr().err
    (home / "media").mkdir()
    (home / "media" / "ada.jpg").write_bytes(draw())
    (home / "media" / "plan.pdf").write_bytes(PDF)
    assert typed(monkeypatch, "create", "definition.json", "--media", "media") == 0
    manifest = parse_manifest((home / "manifest.json").read_bytes(), allow_test_keys=True)
    assert len(manifest.contests[0].options[0].media) == 3
    assert "order.json" in manifest.booth
