"""The gallery of elections, and the languages of a folder of catalogues made for one test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from evote.current import EXTENSION
from tests.pages.conftest import Gallery
from tests.support.gallery import gallery_settings, make_gallery


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gallery]:
    folder: Path = tmp_path_factory.mktemp("gallery")
    app, ids = make_gallery(gallery_settings(folder))
    yield Gallery(app, ids)
    app.extensions[EXTENSION].database.close()
