"""A site with petitions in each state."""

import pytest
from sqlalchemy import select

from evote.simulation.petitions import RULES, make_examples
from participation.petitions.models import Petition
from participation.signatures.counter import count_now
from tests.participation.conftest import MakeTown
from tests.support.participation import Town

STATES = ("open", "awaiting", "debated", "closed", "rejected", "waiting", "stopped")


@pytest.fixture
def town(make_town: MakeTown) -> Town:
    made = make_town(RULES)
    with made.app.test_request_context("/"):
        make_examples(made.ports)
        count_now(made.ports)
    return made


@pytest.fixture
def petitions(town: Town) -> dict[str, str]:
    """{state: address of a petition in it}."""
    with town.services.database.reading() as session:
        ids = session.scalars(select(Petition.id).order_by(Petition.creator_mail)).all()
    return {state: f"/petitions/{one}" for state, one in zip(STATES, ids, strict=True)}
