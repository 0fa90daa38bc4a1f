"""An election that somebody shares: its tags and its picture."""

import io

from PIL import Image

from tests.pages.conftest import Gallery
from tests.support.participation import path_of
from tests.support.shared_links import tags


def test_an_election_has_one_in_each_state(gallery: Gallery) -> None:
    for state in ("draft", "waiting", "open", "closed", "tallied", "refused", "annulled"):
        found = tags(gallery.get("/fa" + gallery.path(state)))
        assert found["og:locale"] == "fa_IR"
        answer = gallery.client().get(path_of(found["og:image"]))
        assert Image.open(io.BytesIO(answer.data)).size == (1200, 630)
    assert tags(gallery.get(gallery.path("tallied", "/result")))["og:image"].endswith("/card.png?v=finished")
