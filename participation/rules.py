"""The rules of a site: what the operator may decide, with defaults of the best petition systems, and bounds.

They are read from a TOML file; whatever it does not name keeps its default. An unknown name, a wrong type or a
value out of bounds refuses the start with a sentence.
"""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct, field

from participation.errors import RulesError

_Days = Annotated[int, Meta(ge=0, le=3650)]
_WorkingDays = Annotated[int, Meta(ge=1, le=500)]
_Months = Annotated[int, Meta(ge=1, le=60)]
_Hours = Annotated[int, Meta(ge=0, le=720)]
_Signatures = Annotated[int, Meta(ge=1, le=1_000_000_000)]
_Ways = Annotated[list[Literal["mail", "oidc", "roll"]], Meta(min_length=1, max_length=3)]


class PetitionRules(Struct, frozen=True, forbid_unknown_fields=True):
    """Rules of petitions.

    Attributes:
        supporters: How many must support a petition before it is checked, beside its creator.
        most_supporters: No more than these are taken before it is open.
        supporter_days: Days in which supporters must be found; after them the petition lapses.
        open_months: Months for which a petition is open, after the end of its opening day.
        response_at, debate_at: Signatures at which an answer, and a debate, is owed.
        counted_ways: The ways of signing whose signatures count towards that.
        confirm_hours: Hours in which a mailed link works.
        grace_hours: Hours after the close in which a mailed link still confirms a signature.
        archive_days: Days after its end when a petition moves to the archive.
        anonymise_months: Months after its end when personal data is erased.
        near_overdue_days, overdue_days: Ages at which a petition in the moderators' queue is marked.
        draft_days: Days after which a draft that nobody confirmed is erased.
        title_length, background_length, details_length: Most characters.
        similar: How many similar petitions are shown to who begins one.
        night_starts, night_hours: When bulk mail begins: a random moment of these hours of the site's night.
    """

    supporters: Annotated[int, Meta(ge=0, le=100)] = 5
    most_supporters: Annotated[int, Meta(ge=0, le=1000)] = 20
    supporter_days: Annotated[int, Meta(ge=1, le=365)] = 90
    open_months: _Months = 6
    response_at: _Signatures = 10_000
    debate_at: _Signatures = 100_000
    counted_ways: _Ways = field(default_factory=lambda: ["mail", "oidc", "roll"])
    confirm_hours: Annotated[int, Meta(ge=1, le=720)] = 72
    grace_hours: _Hours = 24
    archive_days: _Days = 90
    anonymise_months: _Months = 6
    near_overdue_days: _Days = 11
    overdue_days: _Days = 14
    draft_days: Annotated[int, Meta(ge=1, le=365)] = 30
    title_length: Annotated[int, Meta(ge=20, le=200)] = 80
    background_length: Annotated[int, Meta(ge=100, le=5000)] = 500
    details_length: Annotated[int, Meta(ge=100, le=20_000)] = 1000
    similar: Annotated[int, Meta(ge=0, le=20)] = 5
    night_starts: Annotated[int, Meta(ge=0, le=23)] = 0
    night_hours: Annotated[int, Meta(ge=1, le=12)] = 5


class AnswerRules(Struct, frozen=True, forbid_unknown_fields=True):
    """Rules of answers that are owed.

    Attributes:
        response_days, debate_days, consultation_days: Working days for each kind of answer.
        remind_days: Working days before the deadline at which who must answer is reminded.
        escalate_every_days: Working days between one escalation of an overdue answer and the next.
    """

    response_days: _WorkingDays = 20
    debate_days: _WorkingDays = 40
    consultation_days: _WorkingDays = 30
    remind_days: Annotated[list[_Days], Meta(max_length=10)] = field(default_factory=lambda: [10, 3, 0])
    escalate_every_days: _WorkingDays = 5


class SignatureRules(Struct, frozen=True, forbid_unknown_fields=True):
    """Rules of signing.

    Attributes:
        ways: How petitions may be signed: by confirmed mail, an account elsewhere, the roll of an election.
        most_ways: How many of these ways one petition may take. With 1 nobody signs it twice by going two ways.
        per_mailbox: How many people may sign from one mailbox, with different names and the same postcode.
        mails: Most mails for one signature; more are asked for in vain, and nobody is told.
        in_minute, in_five_minutes: Most signatures from one network address; the surplus is kept back for review.
        regions: The set of regions that signers choose from: `iran`, `uk`, `none`, or a GeoJSON file.
        smallest_region: A region's count is shown from so many signatures on.
        count_seconds: How often the counter works: the lag of public counts.
    """

    ways: _Ways = field(default_factory=lambda: ["mail", "oidc", "roll"])
    most_ways: Annotated[int, Meta(ge=1, le=3)] = 3
    per_mailbox: Annotated[int, Meta(ge=1, le=2)] = 2
    mails: Annotated[int, Meta(ge=1, le=20)] = 5
    in_minute: Annotated[int, Meta(ge=1, le=10_000)] = 1
    in_five_minutes: Annotated[int, Meta(ge=1, le=10_000)] = 5
    regions: str = "iran"
    smallest_region: Annotated[int, Meta(ge=1, le=1000)] = 5
    count_seconds: Annotated[int, Meta(ge=1, le=60)] = 1


class ModerationRules(Struct, frozen=True, forbid_unknown_fields=True):
    """Rules of the moderators' queue.

    Attributes:
        near_overdue_hours, overdue_hours: Ages at which a contribution in the queue is marked.
    """

    near_overdue_hours: Annotated[int, Meta(ge=0, le=10_000)] = 24
    overdue_hours: Annotated[int, Meta(ge=0, le=10_000)] = 48


class SiteRules(Struct, frozen=True, forbid_unknown_fields=True):
    """All rules of a site, one table of the file for each feature."""

    petitions: PetitionRules = field(default_factory=PetitionRules)
    signatures: SignatureRules = field(default_factory=SignatureRules)
    answers: AnswerRules = field(default_factory=AnswerRules)
    moderation: ModerationRules = field(default_factory=ModerationRules)


def parse_rules(text: str) -> SiteRules:
    """Read rules from TOML.

    Raises:
        RulesError: The text says which value is wrong.
    """
    try:
        rules = msgspec.convert(tomllib.loads(text), SiteRules)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise RulesError("The rules of participation cannot be used: %(error)s.", error=str(error)) from None
    petitions = rules.petitions
    orders = (
        ("supporters", petitions.supporters, "most_supporters", petitions.most_supporters),
        ("response_at", petitions.response_at, "debate_at", petitions.debate_at),
        ("near_overdue_days", petitions.near_overdue_days, "overdue_days", petitions.overdue_days),
    )
    for smaller, least, larger, most in orders:
        if least > most:
            raise RulesError(
                "The rules of participation cannot be used: %(smaller)s must not be more than %(larger)s.",
                smaller=smaller,
                larger=larger,
            )
    if not set(petitions.counted_ways) & set(rules.signatures.ways):
        raise RulesError(
            "The rules of participation cannot be used: none of counted_ways is one of the ways to sign, so nothing "
            "would ever be owed."
        )
    return rules


def read_rules(path: Path | None) -> SiteRules:
    """Read the operator's file of rules; the defaults where there is none.

    Raises:
        RulesError: It cannot be read, or makes no sense.
    """
    if path is None:
        return SiteRules()
    try:
        return parse_rules(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise RulesError("The file of rules %(path)s cannot be read: %(error)s.", path=path, error=error) from None
