"""Consultations: scripts and bidi tricks in every text, huge texts, both normal forms of Persian, a clock set back."""

import unicodedata
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from evote.admin.roles import Role
from participation.answers.kinds import DutyKind
from participation.answers.models import Duty
from participation.consultations.kinds import PhaseKind
from participation.contributions.kinds import ContributionState
from participation.contributions.models import Contribution
from tests.support.officials import Desk
from tests.support.participation import Town, Visitor, hidden_fields

Consult = Callable[..., str]
TakePart = Callable[[str], Visitor]
OFFICE = "/admin/participation/consultations"
EVIL = "<script>alert(1)</script>\u202egpj.exe"
SEEDS = {
    "statements": EVIL,
    "proposals": "",
    "document": f"# {EVIL}\n{EVIL} Two.\n\n{EVIL}",
    "discussion": EVIL,
    "survey": f"{EVIL} [one]\n- {EVIL}\n- Other\n{EVIL} [text]",
    "budget": f"{EVIL}; 10\n{EVIL}{EVIL}; 20",
}
HUGE = "x" * 400_000
"""More than any form takes."""


def _send(desk: Desk, place: str, **fields: str) -> str:
    hidden = hidden_fields(desk.client.get(place).get_data(as_text=True))
    answer = desk.client.post(place, data={**hidden, **fields})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.location)


def test_scripts_and_bidi_tricks_in_every_text_of_a_consultation_are_texts(
    town: Town, appoint: Callable[..., Desk], take_part: TakePart
) -> None:
    clerk = appoint("clerk", Role.FACILITATOR).sign_in()
    texts = {"title": EVIL, "summary": EVIL, "text": EVIL, "language": "en", "authority": "1"}
    key = _send(clerk, f"{OFFICE}/new", **texts).rpartition("/")[2]
    for kind, seeds in SEEDS.items():
        times = {"opens_at": "2026-03-01 09:00", "closes_at": "2026-03-11 09:00"}
        more = {"budget": "100", "currency": "<b>", "most": ""} if kind == "budget" else {}
        _send(
            clerk,
            f"{OFFICE}/{key}/parts/new?kind={kind}",
            kind=kind,
            title=EVIL,
            text=EVIL,
            seeds=seeds,
            **times,
            **more,
        )
    _send(clerk, f"{OFFICE}/{key}/publish")
    ada, here = take_part("ada@example.org"), f"/consultations/{key}"
    parts = [one.partition('"')[0] for one in ada.get(here).split('href="') if one.startswith(f"{here}/")]
    assert len(parts) == len(SEEDS)
    pages = [here, "/consultations/", *parts, f"{parts[0]}/all", f"{parts[2]}/paragraph/1", "/en/data/"]
    for place in pages:
        raw = ada.client.get(place).get_data(as_text=True)
        assert "<script>alert" not in raw, place
        assert "\u202e" not in raw, place
        assert " <b>" not in raw, place


@pytest.mark.parametrize(
    ("kind", "place", "fields", "most"),
    [
        (PhaseKind.STATEMENTS, "write", ("text",), 200),
        (PhaseKind.PROPOSALS, "write", ("title", "text"), 5000),
        (PhaseKind.DISCUSSION, "write", ("text",), 3000),
    ],
)
def test_huge_texts_are_refused_with_the_limit_and_kept_in_the_form(
    town: Town, consult: Consult, take_part: TakePart, kind: PhaseKind, place: str, fields: tuple[str, ...], most: int
) -> None:
    address, ada = consult(kind), take_part("ada@example.org")
    before = _written(town)
    long = dict.fromkeys(fields, "A title") | {"text": "x" * (most + 1)}
    refused = ada.post(f"{address}/{place}", **long)
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert f"at most {most:,} characters" in page or f"at most {most} characters" in page
    assert long["text"] in page
    assert ada.post(f"{address}/{place}", **(long | {"text": HUGE})).status_code == 413
    assert _written(town) == before


def test_one_text_in_both_normal_forms_of_persian_is_a_copy(town: Town, consult: Consult, take_part: TakePart) -> None:
    address, text = consult(), "آیا باید آرایشگاه‌ها شب هم کار کنند و مسئول آن که باشد؟"
    apart = unicodedata.normalize("NFD", text)
    assert apart != text
    take_part("ada@example.org").submit(f"{address}/write", text=text)
    take_part("ben@example.org").submit(f"{address}/write", text=apart)
    with town.services.database.reading() as session:
        rows = session.scalars(select(Contribution).order_by(Contribution.id.desc()).limit(2)).all()
    assert [one.state for one in rows] == [ContributionState.WAITING, ContributionState.SHOWN]
    assert rows[0].text == rows[1].text == text


def test_a_clock_that_is_set_back_owes_the_report_once(town: Town, consult: Consult, take_part: TakePart) -> None:
    address = consult(PhaseKind.DISCUSSION)
    ada = take_part("ada@example.org")
    for days in (11, -8, 9, 1):
        town.clock.now += timedelta(days=days)
        town.run_jobs("consultations.reports")
        assert ada.client.get(address).status_code == 200
        with town.services.database.reading() as session:
            duties = session.scalars(select(Duty).where(Duty.kind == DutyKind.CONSULTATION)).all()
        assert len(duties) == 1
        assert duties[0].lapsed_at is None


def _written(town: Town) -> int:
    with town.services.database.reading() as session:
        return len(session.scalars(select(Contribution.id)).all())
