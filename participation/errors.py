"""The errors of participation; their text is a sentence for people, their code a word for programs."""

from ballots.sentences import SentenceError


class ParticipationError(SentenceError):
    """Root of everything this package raises on purpose.

    Attributes:
        code: A stable word for programs.
        status: The HTTP status of the answer.
    """

    code = "error"
    status = 400


class RulesError(ParticipationError):
    """The operator's file of rules makes no sense; the program refuses to start."""

    code = "rules"
    status = 500


class Missing(ParticipationError):
    """Nothing is at this address."""

    code = "not_found"
    status = 404


class Unacceptable(ParticipationError):
    """What was sent cannot be read, or breaks a rule."""

    code = "unacceptable"
    status = 422


class NotPermitted(ParticipationError):
    """The action is not open to this person."""

    code = "forbidden"
    status = 403


class NotNow(ParticipationError):
    """The action does not fit the present state."""

    code = "not_now"
    status = 409


class Stale(NotNow):
    """Somebody else acted first: what was sent belongs to an older state."""

    code = "stale"


class LinkExpired(ParticipationError):
    """A mailed link was used, is too old, or was never one."""

    code = "link_expired"
    status = 410


class TooOften(ParticipationError):
    """The same was asked for too many times."""

    code = "too_often"
    status = 429


class CalendarError(ParticipationError):
    """A working-day calendar is damaged, or does not know the days that are asked for."""

    code = "calendar"
    status = 409
