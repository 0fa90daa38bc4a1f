"""The arrows between the packages, as pyproject.toml draws them."""

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports


def test_every_import_follows_an_arrow() -> None:
    assert lint_imports(config_filename="pyproject.toml", no_cache=True) == EXIT_STATUS_SUCCESS, (
        "An import goes against the arrows of docs/developers.md; the lines above name it."
    )
