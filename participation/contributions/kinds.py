"""The words of contributions: what they are, how they stand, why one was taken down."""

from enum import StrEnum

from flask_babel import lazy_gettext


class ContributionKind(StrEnum):
    """What somebody contributes."""

    STATEMENT = "statement"
    PROPOSAL = "proposal"
    AMENDMENT = "amendment"
    COMMENT = "comment"


class ContributionState(StrEnum):
    """How a contribution stands."""

    WAITING = "waiting"
    """Nobody sees it until a moderator has looked at it."""
    SHOWN = "shown"
    HIDDEN = "hidden"
    """Taken down by a moderator; the reason stands in its place."""
    WITHDRAWN = "withdrawn"
    """Taken back by who wrote it."""


VISIBLE = (ContributionState.SHOWN, ContributionState.HIDDEN, ContributionState.WITHDRAWN)
"""What keeps its place among the others, also taken down or back, so that nothing vanishes without a trace."""


class Reason(StrEnum):
    """Why a contribution is not shown: a closed list that everybody can read."""

    OFF_TOPIC = "off-topic"
    DUPLICATE = "duplicate"
    ADVERTISING = "advertising"
    INSULT = "insult"
    PERSONAL_DATA = "personal-data"
    UNLAWFUL = "unlawful"
    MACHINE = "machine"


KINDS = {
    ContributionKind.STATEMENT: lazy_gettext("Statement"),
    ContributionKind.PROPOSAL: lazy_gettext("Proposal"),
    ContributionKind.AMENDMENT: lazy_gettext("Amendment"),
    ContributionKind.COMMENT: lazy_gettext("Comment"),
}
STATES = {
    ContributionState.WAITING: lazy_gettext("Waits for a moderator"),
    ContributionState.SHOWN: lazy_gettext("Public"),
    ContributionState.HIDDEN: lazy_gettext("Taken down"),
    ContributionState.WITHDRAWN: lazy_gettext("Taken back"),
}
REASONS = {
    Reason.OFF_TOPIC: lazy_gettext("It is not about this consultation."),
    Reason.DUPLICATE: lazy_gettext("The same was said already."),
    Reason.ADVERTISING: lazy_gettext("It advertises something."),
    Reason.INSULT: lazy_gettext("It insults or threatens somebody."),
    Reason.PERSONAL_DATA: lazy_gettext("It tells what concerns nobody but a person who is named."),
    Reason.UNLAWFUL: lazy_gettext("The law forbids to publish it."),
    Reason.MACHINE: lazy_gettext("It was sent by a machine."),
}
