"""The words of consultations: how they and their phases stand, what people do in a phase, what a report says."""

from datetime import datetime
from enum import StrEnum

from flask_babel import lazy_gettext


class ConsultationState(StrEnum):
    """How a consultation stands; a published one is refined by its phases and the clock."""

    DRAFT = "draft"
    PUBLISHED = "published"
    REPORTED = "reported"
    STOPPED = "stopped"


class Moment(StrEnum):
    """Where a phase, or a published consultation, stands by the clock."""

    COMING = "coming"
    OPEN = "open"
    CLOSED = "closed"


class PhaseKind(StrEnum):
    """What people do in a phase."""

    STATEMENTS = "statements"
    PROPOSALS = "proposals"
    DOCUMENT = "document"
    DISCUSSION = "discussion"
    SURVEY = "survey"
    BUDGET = "budget"
    POLL = "poll"


class ReportOutcome(StrEnum):
    """What became of what people said."""

    DONE = "done"
    PARTLY = "partly"
    LATER = "later"
    REFUSED = "refused"


PHASE_KINDS = {
    PhaseKind.STATEMENTS: lazy_gettext("Statements to agree or disagree with"),
    PhaseKind.PROPOSALS: lazy_gettext("Proposals to support and amend"),
    PhaseKind.DOCUMENT: lazy_gettext("A document to comment on, passage by passage"),
    PhaseKind.DISCUSSION: lazy_gettext("A discussion"),
    PhaseKind.SURVEY: lazy_gettext("A survey"),
    PhaseKind.BUDGET: lazy_gettext("A budget to share out"),
    PhaseKind.POLL: lazy_gettext("A secret poll"),
}
PHASE_HINTS = {
    PhaseKind.STATEMENTS: lazy_gettext("Short sentences, also people's own; a map shows groups and what all agree on."),
    PhaseKind.PROPOSALS: lazy_gettext("People write what should be done, support it, and suggest changes to it."),
    PhaseKind.DOCUMENT: lazy_gettext("A draft in sections. Comments stay with their words when a new version comes."),
    PhaseKind.DISCUSSION: lazy_gettext("Comments, and answers to them."),
    PhaseKind.SURVEY: lazy_gettext("Questions with options, a scale, or room for words."),
    PhaseKind.BUDGET: lazy_gettext("Projects with costs; the result by most votes and by equal shares."),
    PhaseKind.POLL: lazy_gettext("An election of this site, so that nobody sees how anybody answered."),
}
MOMENTS = {
    Moment.COMING: lazy_gettext("Coming up"),
    Moment.OPEN: lazy_gettext("Open now"),
    Moment.CLOSED: lazy_gettext("Closed"),
}
TONES = {Moment.COMING: "wait", Moment.OPEN: "good", Moment.CLOSED: "plain"}
OUTCOMES = {
    ReportOutcome.DONE: lazy_gettext("We do it"),
    ReportOutcome.PARTLY: lazy_gettext("We do a part of it"),
    ReportOutcome.LATER: lazy_gettext("We look into it later"),
    ReportOutcome.REFUSED: lazy_gettext("We do not do it"),
}
OUTCOME_TONES = {
    ReportOutcome.DONE: "good",
    ReportOutcome.PARTLY: "accent",
    ReportOutcome.LATER: "wait",
    ReportOutcome.REFUSED: "bad",
}


def moment_of(opens_at: datetime, closes_at: datetime, now: datetime) -> Moment:
    """Tell where a span of time stands: open from its first moment up to, and without, its last."""
    if now < opens_at:
        return Moment.COMING
    return Moment.OPEN if now < closes_at else Moment.CLOSED
