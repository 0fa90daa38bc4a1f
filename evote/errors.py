"""The errors of the web application; their text is a sentence for people, their code a word for programs."""

from ballots.sentences import SentenceError


class EvoteError(SentenceError):
    """Root of everything this package raises on purpose.

    Attributes:
        code: A stable word for programs.
        status: The HTTP status of the answer.
    """

    code = "error"
    status = 400


class SettingsError(EvoteError):
    """A setting is missing or makes no sense; the program refuses to start."""

    code = "settings"
    status = 500


class NotFound(EvoteError):
    """Nothing is at this address."""

    code = "not_found"
    status = 404


class Malformed(EvoteError):
    """What was sent cannot be read, or does not fit its election."""

    code = "malformed"
    status = 422


class Unsigned(EvoteError):
    """A signature is missing or was made with another key."""

    code = "signature"
    status = 422


class TooLarge(EvoteError):
    """What was sent is longer than anything that could be accepted."""

    code = "too_large"
    status = 413


class NotLoggedIn(EvoteError):
    """The action needs a voter who has logged in to this election."""

    code = "not_logged_in"
    status = 401


class LoginRefused(EvoteError):
    """Voter id and one-time code do not belong together, or the code is used up."""

    code = "login_refused"
    status = 403


class Forbidden(EvoteError):
    """The action is not open to this person."""

    code = "forbidden"
    status = 403


class Conflict(EvoteError):
    """The action does not fit the present state of the election."""

    code = "conflict"
    status = 409


class NotOpen(Conflict):
    """The election takes no ballots now."""

    code = "not_open"


class WrongPrevious(Conflict):
    """The ballot does not follow the voter's latest one."""

    code = "wrong_previous"


class StorageFull(EvoteError):
    """The disk is full: nothing was stored, nothing is lost."""

    code = "storage_full"
    status = 507


class Unavailable(EvoteError):
    """The database cannot be reached or is busy."""

    code = "unavailable"
    status = 503


class SequencerRunning(EvoteError):
    """Another sequencer works on this database."""

    code = "sequencer_running"
    status = 409


class BoardDamaged(EvoteError):
    """The stored log does not give the root that the board has signed."""

    code = "board_damaged"
    status = 500
