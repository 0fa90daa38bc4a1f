"""The words of answers that are owed: what is owed, what happened, how a duty and a promise stand."""

from enum import StrEnum

from flask_babel import lazy_gettext


class DutyKind(StrEnum):
    """What an answer is owed to."""

    RESPONSE = "response"
    DEBATE = "debate"
    CONSULTATION = "consultation"
    PROMISE = "promise"


class DutyEventKind(StrEnum):
    """What can happen to a duty."""

    OWED = "owed"
    REFERRED = "referred"
    MOVED = "moved"
    REMINDED = "reminded"
    ESCALATED = "escalated"
    ANSWERED = "answered"
    LAPSED = "lapsed"
    REOPENED = "reopened"


class DutyState(StrEnum):
    """How a duty stands at a moment."""

    OPEN = "open"
    OVERDUE = "overdue"
    IN_TIME = "in-time"
    LATE = "late"
    LAPSED = "lapsed"


class PromiseStatus(StrEnum):
    """How a promise stands."""

    MADE = "made"
    STARTED = "started"
    DELAYED = "delayed"
    KEPT = "kept"
    PARTLY_KEPT = "partly-kept"
    BROKEN = "broken"
    WITHDRAWN = "withdrawn"

    @property
    def final(self) -> bool:
        """Whether nothing more is expected."""
        return self in (PromiseStatus.KEPT, PromiseStatus.PARTLY_KEPT, PromiseStatus.BROKEN, PromiseStatus.WITHDRAWN)


DUTY_KINDS = {
    DutyKind.RESPONSE: lazy_gettext("Answer to a petition"),
    DutyKind.DEBATE: lazy_gettext("Debate of a petition"),
    DutyKind.CONSULTATION: lazy_gettext("Report on a consultation"),
    DutyKind.PROMISE: lazy_gettext("Account of a promise"),
}
DUTY_STATES = {
    DutyState.OPEN: lazy_gettext("Waiting"),
    DutyState.OVERDUE: lazy_gettext("Overdue"),
    DutyState.IN_TIME: lazy_gettext("Answered in time"),
    DutyState.LATE: lazy_gettext("Answered late"),
    DutyState.LAPSED: lazy_gettext("No longer owed"),
}
DUTY_TONES = {
    DutyState.OPEN: "wait",
    DutyState.OVERDUE: "bad",
    DutyState.IN_TIME: "good",
    DutyState.LATE: "accent",
    DutyState.LAPSED: "plain",
}
PROMISE_STATUSES = {
    PromiseStatus.MADE: lazy_gettext("Promised"),
    PromiseStatus.STARTED: lazy_gettext("Under way"),
    PromiseStatus.DELAYED: lazy_gettext("Delayed"),
    PromiseStatus.KEPT: lazy_gettext("Kept"),
    PromiseStatus.PARTLY_KEPT: lazy_gettext("Partly kept"),
    PromiseStatus.BROKEN: lazy_gettext("Broken"),
    PromiseStatus.WITHDRAWN: lazy_gettext("Withdrawn"),
}
PROMISE_TONES = {
    PromiseStatus.MADE: "plain",
    PromiseStatus.STARTED: "accent",
    PromiseStatus.DELAYED: "wait",
    PromiseStatus.KEPT: "good",
    PromiseStatus.PARTLY_KEPT: "accent",
    PromiseStatus.BROKEN: "bad",
    PromiseStatus.WITHDRAWN: "plain",
}
