"""What stands in codes, said in plain words: states, reasons, steps of the history, deeds of officials."""

from flask_babel import gettext

from participation.petitions.life import Debate, Life, Response, State


def state_name(state: State) -> str:
    """Name a state."""
    names = {
        State.DRAFT: gettext("Being written"),
        State.COLLECTING: gettext("Looking for supporters"),
        State.MODERATION: gettext("Being checked"),
        State.OPEN: gettext("Taking signatures"),
        State.CLOSED: gettext("Closed for signatures"),
        State.REJECTED: gettext("Not accepted"),
        State.HIDDEN: gettext("Hidden"),
        State.STOPPED: gettext("Stopped"),
        State.REMOVED: gettext("Removed"),
    }
    return names[state]


def state_tone(state: State) -> str:
    """Return the colour of a state's label."""
    return {State.OPEN: "good", State.MODERATION: "wait", State.COLLECTING: "wait", State.CLOSED: "accent"}.get(
        state, "plain" if state in (State.DRAFT,) else "bad"
    )


def response_name(life: Life) -> str:
    """Say whether an answer is owed and given; nothing where none is."""
    names = {Response.AWAITING: gettext("Waiting for an answer"), Response.RESPONDED: gettext("With an answer")}
    return names.get(life.response, "")


def debate_name(life: Life) -> str:
    """Say whether a debate is owed and held; nothing where none is."""
    names = {
        Debate.AWAITING: gettext("Waiting for a debate"),
        Debate.SCHEDULED: gettext("Debate scheduled"),
        Debate.DEBATED: gettext("Debated"),
        Debate.NOT_DEBATED: gettext("Will not be debated"),
    }
    return names.get(life.debate, "")


def rejection_names() -> dict[str, str]:
    """Say the reasons for which a petition is not accepted."""
    return {
        "duplicate": gettext("There is an open petition about the same already."),
        "unclear": gettext("It is not clear what should be done."),
        "not-ours": gettext("Those who answer here are not responsible for it."),
        "already-done": gettext("It is being done already, or was decided lately."),
        "information": gettext("It asks for information: a request for access to information is the way."),
        "appointment": gettext("It asks for an honour, a post, or a decision about one person."),
        "fake-name": gettext("The name of its creator is made up, or somebody else's."),
        "private": gettext("It names private people, or matters that are private."),
        "libellous": gettext("It may be libellous or false, or touches a case before a court."),
        "offensive": gettext("It is offensive, threatening, or calls for violence."),
    }


def takedown_names() -> dict[str, str]:
    """Say the reasons for which a petition is stopped, hidden or removed."""
    return {
        "court": gettext("A court has ordered it."),
        "law": gettext("The law demands it."),
        "private": gettext("It names private people, or matters that are private."),
        "libellous": gettext("It may be libellous or false, or touches a case before a court."),
        "offensive": gettext("It is offensive, threatening, or calls for violence."),
        "creator": gettext("Its creator asked for it."),
        "duplicate": gettext("There is an open petition about the same already."),
        "supporters": gettext("It did not find enough supporters in time."),
        "mistake": gettext("It was opened by mistake."),
    }


def reason_name(code: str) -> str:
    """Say the reason of a code; a code that is not known yet is shown as it is."""
    return {**takedown_names(), **rejection_names()}.get(code, code)


def step_name(what: str) -> str:
    """Say what happened to a petition."""
    names = {
        "confirmed": gettext("The creator confirmed the mail address"),
        "supported": gettext("Enough supporters were found"),
        "approved": gettext("Checked, and opened for signatures"),
        "rejected": gettext("Not accepted"),
        "stopped": gettext("Stopped"),
        "hidden": gettext("Hidden"),
        "removed": gettext("Removed"),
        "check-again": gettext("Brought before the moderators again"),
        "closed": gettext("The deadline passed"),
        "extended": gettext("Deadline moved on"),
        "response-owed": gettext("Enough signatures for an answer"),
        "response-taken-back": gettext("No longer enough signatures for an answer"),
        "debate-owed": gettext("Enough signatures for a debate"),
        "debate-taken-back": gettext("No longer enough signatures for a debate"),
        "answered": gettext("Officials answered"),
        "debate-scheduled": gettext("A debate was scheduled"),
        "debated": gettext("It was debated"),
        "not-debated": gettext("Officials decided not to debate it"),
        "update": gettext("News was published"),
        "update-refused": gettext("News of the creator was not published"),
        "erased": gettext("Personal data was erased"),
        "first-signatures": gettext("Creator and supporters signed"),
    }
    return names.get(what, what)


def who_name(who: str, official: str) -> str:
    """Say who acted."""
    names = {
        "creator": gettext("Its creator"),
        "clock": gettext("By itself, when the time came"),
        "count": gettext("By itself, from the count"),
    }
    return official or names.get(who, who)


def deed_names() -> dict[str, str]:
    """Say what officials do here, for their public log."""
    return {
        "petition-approved": gettext("Opened a petition"),
        "petition-rejected": gettext("Did not accept a petition"),
        "petition-stopped": gettext("Stopped a petition"),
        "petition-hidden": gettext("Hid a petition"),
        "petition-removed": gettext("Removed a petition"),
        "petition-check-again": gettext("Brought a petition before the moderators again"),
        "petition-answered": gettext("Answered a petition"),
        "petition-debate-scheduled": gettext("Scheduled the debate of a petition"),
        "petition-debated": gettext("Noted the debate of a petition"),
        "petition-not-debated": gettext("Refused to debate a petition"),
        "petition-update": gettext("Published news of a petition"),
        "petition-update-refused": gettext("Did not publish news of a petition"),
        "petitions-outage": gettext("Noted a day on which signatures could not be given"),
    }
