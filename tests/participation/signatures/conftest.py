"""A town with one open petition."""

from collections.abc import Callable

import pytest

from tests.support.participation import Town
from tests.support.signing import Signing


@pytest.fixture
def town(make_town: Callable[..., Town]) -> Town:
    return make_town("[signatures]\nin_minute = 1\n")


@pytest.fixture
def signing(town: Town) -> Signing:
    made = Signing(town)
    made.open()
    return made
