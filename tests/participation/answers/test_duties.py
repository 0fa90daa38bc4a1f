from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from participation.answers.authorities import AuthorityData, add_authority, change_authority
from participation.answers.duties import change_holiday, get_open_duty, lapse, owe, refer, settle, state_of
from participation.answers.kinds import DutyKind, DutyState, PromiseStatus
from participation.answers.models import DutyEvent
from participation.answers.promises import NewPromise, change_status, check_address, enter_promise
from participation.errors import Missing, NotNow, Stale, Unacceptable
from tests.support.participation import Town

MakeDuty = Callable[..., int]
ReadDuty = Callable[[int], Any]
REASON = "The day of national mourning was announced today."


def holiday(town: Town, day: date, *, holiday: bool = True, calendar: str = "gb-eng") -> int:
    with town.services.database.writing() as session:
        change = change_holiday(
            session,
            town.ports,
            calendar,
            day,
            holiday=holiday,
            name={"en": "Mourning"},
            by="clerk",
            reason=REASON,
        )
        return change.moved


def events(town: Town, duty_id: int) -> list[str]:
    with town.services.database.reading() as session:
        query = select(DutyEvent.what).where(DutyEvent.duty_id == duty_id).order_by(DutyEvent.id)
        return list(session.scalars(query))


def test_a_deadline_is_the_end_of_the_tenth_working_day(make_duty: MakeDuty, read_duty: ReadDuty) -> None:
    duty = read_duty(make_duty())
    assert duty.due_at == datetime(2026, 3, 17, 0, 0, tzinfo=UTC)  # owed on Monday 2; the tenth is Monday 16
    assert state_of(duty, datetime(2026, 3, 16, 23, 59, 59, tzinfo=UTC)) is DutyState.OPEN
    assert state_of(duty, duty.due_at) is DutyState.OVERDUE


def test_to_owe_twice_is_to_owe_once(town: Town, make_duty: MakeDuty) -> None:
    assert make_duty() == make_duty()
    assert events(town, 1) == ["owed"]


def test_an_answer_in_time_and_one_too_late(town: Town, make_duty: MakeDuty, read_duty: ReadDuty) -> None:
    first, second = make_duty("1"), make_duty("2")
    town.clock.forward(days=14)
    with town.services.database.writing() as session:
        settle(session, town.ports, DutyKind.RESPONSE, "1", by="clerk")
    town.clock.forward(days=1)
    with town.services.database.writing() as session:
        settle(session, town.ports, DutyKind.RESPONSE, "2", by="clerk")
        settle(session, town.ports, DutyKind.RESPONSE, "1", by="clerk")  # again: the first answer stays
        settle(session, town.ports, DutyKind.RESPONSE, "nobody's", by="clerk")
    states = [state_of(read_duty(one), town.services.now()) for one in (first, second)]
    assert states == [DutyState.IN_TIME, DutyState.LATE]
    assert events(town, first) == ["owed", "answered"]


def test_a_new_holiday_moves_what_is_open_and_nothing_else(
    town: Town, make_duty: MakeDuty, read_duty: ReadDuty
) -> None:
    answered, opened, other = make_duty("1"), make_duty("2"), make_duty("3", authority=2)
    with town.services.database.writing() as session:
        settle(session, town.ports, DutyKind.RESPONSE, "1", by="clerk")
    before = [read_duty(one).due_at for one in (answered, opened, other)]
    assert holiday(town, date(2026, 3, 10)) == 1
    after = [read_duty(one).due_at for one in (answered, opened, other)]
    assert after == [before[0], datetime(2026, 3, 18, 0, 0, tzinfo=UTC), before[2]]
    assert events(town, opened) == ["owed", "moved"]
    assert holiday(town, date(2026, 3, 10), holiday=False) == 1
    assert read_duty(opened).due_at == before[1]
    assert holiday(town, date(2026, 6, 1)) == 0


@pytest.mark.parametrize(
    ("day", "is_holiday", "sentence"),
    [
        (date(2026, 3, 7), True, "of the weekend"),
        (date(2026, 4, 3), True, "a holiday already"),
        (date(2026, 3, 10), False, "a working day already"),
        (date(2041, 1, 2), True, "knows holidays from"),
    ],
)
def test_a_day_that_is_so_already_is_refused(town: Town, day: date, is_holiday: bool, sentence: str) -> None:
    with pytest.raises((Unacceptable, Exception), match=sentence):
        holiday(town, day, holiday=is_holiday)


def test_handing_over_changes_the_calendar_and_gives_no_more_days(
    town: Town, make_duty: MakeDuty, read_duty: ReadDuty
) -> None:
    duty_id = make_duty()
    town.clock.forward(days=5)
    with town.services.database.writing() as session:
        refer(session, town.ports, duty_id, 0, 2, by="clerk", reason="The road belongs to the other office.")
    duty = read_duty(duty_id)
    # Ten working days after Monday 2 March by Iran's calendar, which has other holidays and only Fridays off.
    assert duty.due_at == datetime(2026, 3, 20, 0, 0, tzinfo=UTC)
    assert events(town, duty_id) == ["owed", "referred", "moved"]
    with (
        town.services.database.writing() as session,
        pytest.raises(Stale, match="Somebody changed this in the meantime"),
    ):
        refer(session, town.ports, duty_id, 0, 1, by="clerk", reason="It was ours after all, sorry.")
    revision = duty.revision
    for authority, reason, error, sentence in (
        (2, REASON, Unacceptable, "owes the answer already"),
        (1, "short", Unacceptable, "Give a reason"),
        (9, REASON, Missing, "no such authority"),
    ):
        with town.services.database.writing() as session, pytest.raises(error, match=sentence):
            refer(session, town.ports, duty_id, revision, authority, by="clerk", reason=reason)


def test_what_lapsed_can_be_owed_anew(town: Town, make_duty: MakeDuty, read_duty: ReadDuty) -> None:
    duty_id = make_duty()
    with town.services.database.writing() as session:
        lapse(session, town.ports, DutyKind.RESPONSE, "7", because="Signatures were removed.")
    assert state_of(read_duty(duty_id), town.services.now()) is DutyState.LAPSED
    with town.services.database.writing() as session, pytest.raises(NotNow, match="not owed any more"):
        get_open_duty(session, duty_id, read_duty(duty_id).revision)
    town.clock.forward(days=7)
    assert make_duty() == duty_id
    assert read_duty(duty_id).due_at == datetime(2026, 3, 24, 0, 0, tzinfo=UTC)
    assert events(town, duty_id) == ["owed", "lapsed", "reopened"]


def test_a_retired_or_unknown_authority_owes_nothing_new(town: Town) -> None:
    with town.services.database.writing() as session, pytest.raises(Missing):
        owe(
            session,
            town.ports,
            DutyKind.DEBATE,
            "1",
            title="x",
            path="/",
            authority_id=5,
            since=town.services.now(),
            working_days=3,
        )


def test_reminders_go_out_once_each_and_escalation_follows(town: Town, make_duty: MakeDuty) -> None:
    duty_id = make_duty()
    sent = []
    for _ in range(26):
        for _ in range(2):
            town.run_jobs("answers.watch")
        sent.append(len(town.mails()))
        town.clock.forward(days=1)
    subjects = [mail.subject for mail in reversed(town.mails("gb-eng@example.org"))]
    assert subjects == [
        "An answer is due in 10 working days",
        "An answer is due in 3 working days",
        "An answer is due today",
        "An answer is overdue",
        "An answer is overdue",
    ]
    assert [mail.subject for mail in town.mails("chief@example.org")] == ["An answer is overdue"] * 2
    assert events(town, duty_id) == ["owed", "reminded", "reminded", "reminded", "escalated", "escalated"]
    assert sent[0] == 1
    link = town.link_to("gb-eng@example.org")
    assert link.endswith(f"/en/answers/{duty_id}")
    assert "Overdue for 5 working days" in town.visitor().get(link)


def test_a_deadline_that_moves_is_escalated_anew(town: Town, make_duty: MakeDuty, read_duty: ReadDuty) -> None:
    duty_id = make_duty()  # due at the end of Monday 16
    town.clock.forward(days=15)
    town.run_jobs("answers.watch")
    assert read_duty(duty_id).escalations == 1
    holiday(town, date(2026, 3, 16))  # due at the end of the 17th, which is today
    assert read_duty(duty_id).escalations == 0
    town.run_jobs("answers.watch")
    assert town.mails("gb-eng@example.org")[0].subject == "An answer is due today"
    town.clock.forward(days=1)
    town.run_jobs("answers.watch")
    assert read_duty(duty_id).escalations == 1
    assert len(town.mails("chief@example.org")) == 2
    town.clock.forward(days=6)  # the 24th: five working days late, which is the second time
    town.run_jobs("answers.watch")
    assert read_duty(duty_id).escalations == 2
    holiday(town, date(2026, 3, 10))  # still late, by four days
    town.run_jobs("answers.watch")
    assert read_duty(duty_id).escalations == 1
    town.clock.forward(days=1)
    town.run_jobs("answers.watch")
    assert (read_duty(duty_id).escalations, len(town.mails("chief@example.org"))) == (2, 4)
    assert events(town, duty_id).count("escalated") == 4


def test_what_is_owed_anew_is_escalated_anew(town: Town, make_duty: MakeDuty, read_duty: ReadDuty) -> None:
    duty_id = make_duty()
    town.clock.forward(days=15)
    town.run_jobs("answers.watch")
    with town.services.database.writing() as session:
        lapse(session, town.ports, DutyKind.RESPONSE, "7", because="Signatures were false.")
    assert make_duty() == duty_id
    assert read_duty(duty_id).escalations == 0
    town.clock.forward(days=16)
    town.run_jobs("answers.watch")
    assert len(town.mails("chief@example.org")) == 2


def test_a_program_that_slept_sends_one_reminder_not_three(town: Town, make_duty: MakeDuty) -> None:
    make_duty()
    town.clock.forward(days=14)
    town.run_jobs()
    assert [mail.subject for mail in town.mails()] == ["An answer is due today"]


def test_reminders_speak_the_authority_s_language(town: Town, make_duty: MakeDuty) -> None:
    make_duty(days=3, authority=2)
    town.run_jobs()
    [mail] = town.mails()
    assert "روز کاری" in mail.subject
    assert not any(digit in mail.subject for digit in "0123456789")
    assert "/fa/answers/1" in mail.text


def test_a_deadline_beyond_the_calendar_is_set_once_the_years_are_there(
    town: Town, make_duty: MakeDuty, read_duty: ReadDuty
) -> None:
    town.clock.now = datetime(2030, 12, 27, tzinfo=UTC)
    duty_id = make_duty(days=20)
    assert read_duty(duty_id).due_at is None
    assert "does not reach the deadline yet" in town.visitor().get(f"/answers/{duty_id}")
    assert town.run_jobs() == 0


def promise(town: Town, **changes: Any) -> int:
    fields: dict[str, Any] = {
        "title": "A tram to the harbour",
        "text": "We shall open the line before the summer of 2027.",
        "authority_id": 1,
        "promised_on": date(2026, 3, 1),
        "source": "https://example.org/speech",
        "due_on": date(2026, 5, 2),
    }
    with town.services.database.writing() as session:
        return enter_promise(session, town.ports, NewPromise(**{**fields, **changes}), by="clerk").id


def test_a_promise_with_a_day_is_a_duty_that_its_end_settles(town: Town, read_duty: ReadDuty) -> None:
    number = promise(town)
    # Promised for a Saturday, then a Sunday and May Day: the account is owed by the end of Tuesday.
    assert read_duty(1).due_at == datetime(2026, 5, 6, 0, 0, tzinfo=UTC)
    for status, evidence in ((PromiseStatus.STARTED, []), (PromiseStatus.KEPT, ["https://example.org/opening", ""])):
        with town.services.database.writing() as session:
            revision = 0 if status is PromiseStatus.STARTED else 1
            note = "Work has begun at the depot."
            change_status(session, town.ports, number, revision, status, note=note, evidence=evidence, by="clerk")
    assert state_of(read_duty(1), town.services.now()) is DutyState.IN_TIME
    page = town.visitor().get(f"/promises/{number}")
    assert "Kept" in page
    assert 'href="https://example.org/opening"' in page
    with town.services.database.writing() as session, pytest.raises(NotNow, match="This promise is settled"):
        change_status(session, town.ports, number, 2, PromiseStatus.BROKEN, note=REASON, evidence=[], by="clerk")


def test_a_promise_that_is_withdrawn_owes_nothing(town: Town, read_duty: ReadDuty) -> None:
    number = promise(town)
    with town.services.database.writing() as session:
        change_status(session, town.ports, number, 0, PromiseStatus.WITHDRAWN, note=REASON, evidence=[], by="clerk")
    assert state_of(read_duty(1), town.services.now()) is DutyState.LAPSED


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": "\u202e "}, "Give the promise a title"),
        ({"title": "x" * 201}, "Give the promise a title"),
        ({"text": ""}, "Write what was promised"),
        ({"promised_on": date(2026, 3, 3)}, "lies in the future"),
        ({"due_on": date(2026, 2, 1)}, "before the promise itself"),
        ({"source": "javascript:alert(1)"}, "A source is a web address"),
        ({"source": "https://user@example.org/"}, "A source is a web address"),
        ({"source": "https://[broken"}, "A source is a web address"),
        ({"authority_id": 9}, "no such authority"),
    ],
)
def test_a_promise_that_makes_no_sense_is_refused(town: Town, changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises((Unacceptable, Missing), match=sentence):
        promise(town, **changes)


def test_a_promise_is_kept_only_where_that_can_be_seen(town: Town) -> None:
    number = promise(town)
    for status, note, evidence, sentence in (
        (PromiseStatus.KEPT, REASON, [""], "at least one address"),
        (PromiseStatus.DELAYED, "", [], "Give a reason"),
        (PromiseStatus.DELAYED, REASON, ["nowhere"], "A source is a web address"),
        (PromiseStatus.DELAYED, REASON, ["https://example.org"] * 11, "at most 10 addresses"),
    ):
        with town.services.database.writing() as session, pytest.raises(Unacceptable, match=sentence):
            change_status(session, town.ports, number, 0, status, note=note, evidence=evidence, by="clerk")


def test_web_addresses() -> None:
    assert check_address(" https://example.org/a?b=c#d ") == "https://example.org/a?b=c#d"
    for typed in ("", "ftp://example.org", "https://x", "https://exa mple.org", "https://example.org/\u202e", "//a.b"):
        with pytest.raises(Unacceptable):
            check_address(typed)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": {"en": " "}}, "Give the authority a name"),
        ({"name": {"en": "x" * 121}}, "Give the authority a name"),
        ({"mail": "clerk"}, "A mail address is written like"),
        ({"superior_mail": "x"}, "A mail address is written like"),
        ({"calendar": "moon"}, "no such calendar"),
        ({"language": "tlh"}, "does not speak this language"),
    ],
)
def test_an_authority_that_makes_no_sense_is_refused(town: Town, changes: dict[str, Any], sentence: str) -> None:
    fields: dict[str, Any] = {
        "name": {"en": "Parks"},
        "mail": "parks@example.org",
        "superior_mail": "",
        "calendar": "ir",
        "language": "en",
    }
    with town.services.database.writing() as session, pytest.raises(Unacceptable, match=sentence):
        add_authority(session, town.ports, AuthorityData(**{**fields, **changes}))


def test_another_calendar_moves_an_authority_s_deadlines(town: Town, make_duty: MakeDuty, read_duty: ReadDuty) -> None:
    duty_id = make_duty()
    data = AuthorityData({"en": "Transport Department"}, "a@example.org", "", "ir", "en")
    with town.services.database.writing() as session:
        change_authority(session, town.ports, 1, data)
    assert read_duty(duty_id).due_at == datetime(2026, 3, 20, 0, 0, tzinfo=UTC)
