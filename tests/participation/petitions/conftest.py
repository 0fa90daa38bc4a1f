"""A site on which one supporter is enough, so that tests come to their point sooner."""

import pytest

from tests.participation.conftest import MakeTown
from tests.support.participation import Town


@pytest.fixture
def town(make_town: MakeTown) -> Town:
    return make_town("[petitions]\nsupporters = 1\n")
