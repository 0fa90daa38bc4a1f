from collections.abc import Callable
from datetime import timedelta

import pytest

from evote.admin.roles import Role
from participation.answers.queries import get_duty
from participation.consultations.models import Phase
from participation.contributions.kinds import Reason
from participation.moderation.deciding import Target, decide
from tests.support.officials import Desk
from tests.support.participation import Town, Visitor

Appoint = Callable[..., Desk]
Consult = Callable[..., str]
TakePart = Callable[[str], Visitor]
OFFICE = "/admin/participation/consultations"
TEXTS = {"title": "How shall we travel?", "summary": "Buses and trams.", "text": "", "language": "en", "authority": "1"}
PART = {
    "kind": "statements",
    "title": "Say what you think",
    "text": "",
    "opens_at": "2026-03-01 09:00",
    "closes_at": "2026-03-11 09:00",
    "seeds": "Trams at night.\n\nFares must not rise.",
}


@pytest.fixture
def clerk(appoint: Appoint) -> Desk:
    return appoint("clerk", Role.FACILITATOR).sign_in()


def revision(desk: Desk, place: str) -> str:
    """Return the revision that a form holds."""
    page = desk.get(f"{place}?kind=statements" if place.endswith("/parts/new") else place)
    return page.split('name="revision"')[1].split('value="')[1].split('"')[0]


def send(desk: Desk, place: str, **fields: str) -> str:
    answer = desk.post(place, **{"revision": revision(desk, place), **fields})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.location)


def begin(clerk: Desk) -> str:
    answer = clerk.post(f"{OFFICE}/new", **TEXTS)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.location)


def test_from_a_draft_to_the_report(town: Town, clerk: Desk, take_part: TakePart) -> None:
    place = begin(clerk)
    send(clerk, f"{place}/parts/new", **PART)
    send(clerk, f"{place}/texts", **{**TEXTS, "title": "How shall we get around?"})
    public = place.removeprefix("/admin/participation")
    town.visitor().get(public, 404)
    assert "How shall we get around?" not in town.visitor().get("/consultations/")
    assert send(clerk, f"{place}/publish").endswith(public)
    page = town.visitor().get(public)
    assert "owes a report" in page
    assert "How shall we get around?" in town.visitor().get("/consultations/")
    visitor = take_part("ada@example.org")
    visitor.submit(f"{public}/statements/1/write", text="Ferries are forgotten.")
    assert clerk.get(f"{place}/report", 200)
    early = clerk.post(
        f"{place}/report", revision=revision(clerk, f"{place}/report"), text="Too early, said and done.", outcome="done"
    )
    assert "The report comes after the last part has closed" in early.get_data(as_text=True)

    town.clock.forward(days=11)
    town.run_jobs("consultations.reports")
    with town.services.database.reading() as session:
        view, _ = get_duty(session, 1, town.services.now())
        assert (view.duty.kind, view.duty.working_days) == ("consultation", 30)
        assert view.duty.due_at is not None
        assert view.duty.due_at > town.services.now() + timedelta(days=30)
    assert "The deadline, and whether it is kept" in town.visitor().get(public)
    clerk.sign_in()
    line = {"said": "Ferries.", "did": "Two new ferries from May.", "outcome": "done", "contributions": "3"}
    for changes, sentence in (
        ({"contributions": "99"}, "There is no contribution 99"),
        ({"contributions": "3 4"}, "with commas between them"),
        ({"contributions": f"3, {10**30}"}, "with commas between them"),
        ({"revision": str(10**30)}, "changed this in the meantime"),
        ({"did": ""}, "what is done about it"),
        ({"text": ""}, "Write the report"),
    ):
        fields = {"text": "Thank you.", **line, "revision": revision(clerk, f"{place}/report"), **changes}
        answer = clerk.post(f"{place}/report", **fields)
        assert answer.status_code == 422
        assert sentence in answer.get_data(as_text=True)
    send(clerk, f"{place}/report", text="Thank you.", **{**line, "contributions": "۳"})
    assert "The report answers it" in take_part("ada@example.org").get("/me/")
    page = town.visitor().get(public)
    for words in ("Thank you.", "Two new ferries from May.", "We do it", "contribution 3", "Ferries are forgotten."):
        assert words in page
    with town.services.database.writing() as session:
        decide(session, town.ports, [Target(3, 0)], show=False, reason=Reason.INSULT, note="", by="Mo")
    page = town.visitor().get(public)
    assert "Ferries are forgotten." not in page
    assert "contribution 3" in page
    assert "The answer in the report: We do it" in town.visitor().get("/contributions/3")
    assert "Answered in time" in town.visitor().get("/answers/1")
    send(clerk, f"{place}/report", text="Thank you all.", remove="0", outcome="done")
    assert "Two new ferries" not in town.visitor().get(public)
    assert "The report was corrected." in town.visitor().get(public)


def test_two_officials_at_once(clerk: Desk) -> None:
    place = begin(clerk)
    old = revision(clerk, f"{place}/texts")
    send(clerk, f"{place}/texts", **{**TEXTS, "title": "First"})
    answer = clerk.post(f"{place}/texts", **{**TEXTS, "title": "Second"}, revision=old)
    assert answer.status_code == 422
    assert "Somebody changed this in the meantime" in answer.get_data(as_text=True)
    assert "Second" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"opens_at": "soon"}, "Enter a day and a time"),
        ({"closes_at": "2026-02-01 09:00"}, "closes after it opens"),
        ({"title": ""}, "Write a title"),
        ({"title": "x" * 201}, "too long"),
        ({"kind": "riot"}, "What shall people do in it?"),
    ],
)
def test_a_part_that_makes_no_sense(clerk: Desk, changes: dict[str, str], sentence: str) -> None:
    place = f"{begin(clerk)}/parts/new"
    answer = clerk.post(place, **{**PART, **changes}, revision=revision(clerk, place))
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)


def test_nothing_is_published_without_a_part_or_in_the_past(town: Town, clerk: Desk) -> None:
    place = begin(clerk)
    assert "needs at least one part" in clerk.post(
        f"{place}/publish", revision=revision(clerk, f"{place}/publish")
    ).get_data(as_text=True)
    send(clerk, f"{place}/parts/new", **{**PART, "opens_at": "2026-02-01 09:00", "closes_at": "2026-02-02 09:00"})
    answer = clerk.post(f"{place}/publish", revision=revision(clerk, f"{place}/publish"))
    assert "would be closed" in answer.get_data(as_text=True)
    removed = clerk.post(f"{place}/parts/1/remove", f"{place}/parts/1", revision=revision(clerk, f"{place}/parts/1"))
    assert removed.status_code == 303
    assert "No part yet" in clerk.get(place)


def test_what_is_published_only_closes_later(town: Town, clerk: Desk) -> None:
    place = begin(clerk)
    send(clerk, f"{place}/parts/new", **PART)
    send(clerk, f"{place}/publish")
    part = f"{place}/parts/1"
    later = {**PART, "closes_at": "2026-03-20 09:00", "reason": "The mail was late for many."}
    for changes, sentence in (
        ({"closes_at": "2026-03-02 09:00"}, "can only close later"),
        ({"opens_at": "2026-03-02 09:00"}, "can only close later"),
        ({"sealed": "y"}, "can only close later"),
        ({"reason": ""}, "Give a reason"),
    ):
        answer = clerk.post(part, **{**later, **changes}, revision=revision(clerk, part))
        assert answer.status_code == 422
        assert sentence in answer.get_data(as_text=True)
    send(clerk, part, **later)
    page = town.visitor().get(place.removeprefix("/admin/participation"))
    assert "The mail was late for many." in page
    new = f"{place}/parts/new"
    answer = clerk.post(new, **PART, revision=revision(clerk, new))
    assert "gets no new parts" in answer.get_data(as_text=True)


def test_what_has_closed_stays_closed_and_its_report_owed(town: Town, clerk: Desk, take_part: TakePart) -> None:
    place = begin(clerk)
    send(clerk, f"{place}/parts/new", **PART)
    send(clerk, f"{place}/publish")
    part, stop, public = f"{place}/parts/1", f"{place}/stop", place.removeprefix("/admin/participation")
    town.clock.forward(days=11)
    town.run_jobs("consultations.reports")
    clerk.sign_in()
    changed = {**PART, "reason": "We want to hear more of you."}
    answer = clerk.post(part, **{**changed, "closes_at": "2026-04-20 09:00"}, revision=revision(clerk, part))
    assert answer.status_code == 422
    assert "has closed and stays closed" in answer.get_data(as_text=True)
    send(clerk, part, **{**changed, "title": "What you thought"})  # words can still be mended
    answer = clerk.post(stop, reason="The plan was given up by the council.", revision=revision(clerk, stop))
    assert answer.status_code == 422
    assert "the report is owed" in answer.get_data(as_text=True)
    assert "The deadline, and whether it is kept" in town.visitor().get(public)
    send(clerk, f"{place}/report", text="Thank you.", outcome="done")
    answer = clerk.post(part, **{**changed, "closes_at": "2026-04-20 09:00"}, revision=revision(clerk, part))
    assert "its dates stay as they are" in answer.get_data(as_text=True)
    with town.services.database.writing() as session:  # a date of an older release that lies ahead opens nothing
        session.get_one(Phase, 1).closes_at = town.services.now() + timedelta(days=9)
    refused = take_part("ada@example.org").post(f"{public}/statements/1/answer", "/me/", statement="1", answer="agree")
    assert refused.status_code == 409


def test_stopping_needs_a_reason_and_ends_everything(town: Town, clerk: Desk, take_part: TakePart) -> None:
    place = begin(clerk)
    send(clerk, f"{place}/parts/new", **PART)
    send(clerk, f"{place}/publish")
    public, visitor = place.removeprefix("/admin/participation"), take_part("ada@example.org")
    stop = f"{place}/stop"
    assert clerk.post(stop, reason="no", revision=revision(clerk, stop)).status_code == 422
    send(clerk, stop, reason="The plan was given up by the council.")
    own, listed = visitor.get(public), town.visitor().get("/consultations/")
    assert "given up by the council" in own
    assert "Nothing can be contributed any more." in own
    assert "no report is owed" in own
    for page in (own, visitor.get(f"{public}/statements/1"), listed):
        assert "Stopped" in page
        assert "Open now" not in page
        assert "Closes " not in page
    assert "Closed" in listed
    answer = clerk.post(
        f"{place}/parts/1",
        **{**PART, "closes_at": "2026-04-20 09:00", "reason": "The mail was late for many."},
        revision=revision(clerk, f"{place}/parts/1"),
    )
    assert "its dates stay as they are" in answer.get_data(as_text=True)
    refused = visitor.post(f"{public}/statements/1/answer", "/me/", statement="1", answer="agree")
    assert refused.status_code == 409
    assert "was stopped" in refused.get_data(as_text=True)
    town.clock.forward(days=20)
    town.run_jobs("consultations.reports")
    town.visitor().get("/answers/1", 404)


def test_only_facilitators_come_in(town: Town, appoint: Appoint) -> None:
    guest = appoint("guest", Role.MODERATOR).sign_in()
    for place in ("/", "/new"):
        guest.get(f"{OFFICE}{place}", 403)
        assert "/admin/sign-in" in town.visitor().get(f"{OFFICE}{place}", 303)


def test_an_unknown_consultation_and_part(town: Town, consult: Consult) -> None:
    address = consult()
    town.visitor().get("/consultations/00000000-0000-4000-8000-000000000000", 404)
    town.visitor().get(f"{address}9", 404)
    town.visitor().get("/contributions/99", 404)
