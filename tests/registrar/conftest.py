"""A small manifest with the registrar's key, and the files of an offline registrar."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ballots import codec
from ballots.manifest import Manifest, parse_manifest
from ballots.signatures import SigningKey

REGISTRAR = SigningKey.from_seed(b"\x02" * 32)


def manifest_bytes(styles: tuple[str, ...] = ("all",)) -> bytes:
    """One contest of two options, a ballot style for each name."""
    options = [{"id": name, "label": {"en": name}, "party": {}, "info": {}, "media": {}} for name in ("yes", "no")]
    keys = [SigningKey.from_seed(bytes([index]) * 32).public for index in (1, 3)]
    return codec.encode_canonical(
        {
            "version": 1,
            "id": "7d1f7a52-6d0c-4a52-9a4c-0d6c2d0b8d11",
            "title": {"en": "Roll"},
            "description": {},
            "contests": [
                {
                    "id": "c",
                    "kind": "choose",
                    "title": {"en": "C"},
                    "options": options,
                    "abstain": "",
                    "rule": {"name": "plurality", "seats": 1},
                    "min": 1,
                    "max": 1,
                }
            ],
            "styles": {style: ["c"] for style in styles},
            "opens_at": "2026-03-01T08:00:00Z",
            "closes_at": "2026-03-02T18:00:00Z",
            "closing": "official",
            "trustees": {"total": 3, "threshold": 2, "names": ["Ada", "Ben", "Cyd"]},
            "observers": [],
            "min_ballots": 1,
            "modulus_bits": 512,
            "log_origin": "example.org/log",
            "board_key": keys[0],
            "registrar_key": REGISTRAR.public,
            "official_key": keys[1],
            "booth": {},
        }
    )


@pytest.fixture
def make_manifest() -> Callable[..., Manifest]:
    """Return a maker of manifests, by ballot styles."""

    def make(*styles: str) -> Manifest:
        return parse_manifest(manifest_bytes(styles or ("all",)), allow_test_keys=True)

    return make


@pytest.fixture
def manifest(make_manifest: Callable[..., Manifest]) -> Manifest:
    """Return a manifest of one ballot style."""
    return make_manifest()


@pytest.fixture
def registrar() -> SigningKey:
    """Return the key that the manifest names."""
    return REGISTRAR


@pytest.fixture
def manifest_path(tmp_path: Path) -> Path:
    """Return the file of a manifest of one ballot style."""
    path = tmp_path / "manifest.json"
    path.write_bytes(manifest_bytes())
    return path
