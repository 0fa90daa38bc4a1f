"""A site with an authority, and a consultation with statements that is open."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from participation.answers.authorities import AuthorityData, add_authority
from participation.consultations import acts
from participation.consultations.acts import ConsultationData, PhaseData
from participation.consultations.kinds import PhaseKind
from participation.consultations.models import Phase
from participation.contributions.kinds import ContributionKind
from participation.contributions.writing import NewContribution, contribute
from tests.support.participation import Town, Visitor

SEEDS = ["Trams should run all night.", "The old bridge needs no cars.", "Fares must not rise this year."]


@pytest.fixture
def town(make_town: Callable[..., Town]) -> Town:
    made = make_town()
    with made.services.database.writing() as session:
        data = AuthorityData({"en": "Transport Department"}, "a@example.org", "", "gb-eng", "en")
        add_authority(session, made.ports, data)
    return made


@pytest.fixture
def consult(town: Town) -> Callable[..., str]:
    """Publish a consultation of one part; returns the address of the part's page."""

    def make(
        kind: PhaseKind = PhaseKind.STATEMENTS, *, sealed: bool = False, premoderated: bool = False, days: int = 10
    ) -> str:
        now = town.services.now()
        with town.services.database.writing() as session:
            texts = ConsultationData("en", "How shall we travel?", "Buses, trams and the bridge.", "", 1)
            found = acts.begin_consultation(session, town.ports, texts, by="clerk")
            data = PhaseData(
                kind,
                "Say what you think",
                "",
                now - timedelta(hours=1),
                now + timedelta(days=days),
                sealed=sealed,
                premoderated=premoderated,
            )
            phase = acts.save_phase(session, town.ports, found.id, found.revision, data, by="clerk")
            for text in SEEDS if kind is PhaseKind.STATEMENTS else []:
                contribute(session, town.ports, phase, None, NewContribution(ContributionKind.STATEMENT, text))
            acts.publish(session, town.ports, found.id, found.revision, by="clerk")
            return f"/consultations/{found.id}/{kind}/{phase.id}"

    return make


@pytest.fixture
def take_part(town: Town) -> Callable[[str], Visitor]:
    """Sign somebody in with a code from a mail."""

    def enter(mail: str) -> Visitor:
        visitor = town.visitor()
        assert visitor.submit("/me/sign-in", mail=mail).startswith("/me/sign-in/code")
        code = next(line for line in town.mails(mail)[0].text.splitlines() if line[:4].isdecimal())
        assert visitor.submit("/me/sign-in/code", code=code) == "/"
        return visitor

    return enter


def phase_of(town: Town, address: str) -> Phase:
    """Return the part whose page is at an address."""
    with town.services.database.reading() as session:
        found = session.get_one(Phase, int(address.rsplit("/", 1)[1]))
        session.expunge_all()
        return found
