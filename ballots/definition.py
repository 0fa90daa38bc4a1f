"""Contests, options and rules as the manifest writes them, with their bounds (section 9)."""

import msgspec

from ballots.errors import ManifestError

SLOT_BITS = 32
"""Every total is decrypted in a slot of this many bits."""

Text = dict[str, str]
"""One sentence in several languages: {language: text}."""


class Plurality(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="plurality"):
    """The ``seats`` highest totals are elected."""

    seats: int


class Schulze(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="schulze"):
    """Schulze's method by winning votes."""

    seats: int


class Borda(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="borda"):
    """An option's score is the sum of its pairwise totals."""

    seats: int


class Majority(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="majority"):
    """A referendum: option ``of`` needs more than ``percent`` of the votes and a turnout."""

    percent: int
    turnout_percent: int
    of: str


class Budget(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="budget"):
    """Greedy by totals, as long as the costs (one an option) fit the budget."""

    budget: int
    costs: list[int]


Rule = Plurality | Schulze | Borda | Majority | Budget


class Option(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something a voter can choose; texts are {language: text}, media {path: sha256}."""

    id: str
    label: Text
    party: Text
    info: Text
    media: dict[str, str]


class _Contest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", kw_only=True):
    id: str
    title: Text
    options: list[Option]
    abstain: str
    rule: Rule

    @property
    def option_ids(self) -> tuple[str, ...]:
        """The options' ids in manifest order."""
        return tuple(option.id for option in self.options)


class Choose(_Contest, frozen=True, forbid_unknown_fields=True, tag="choose", kw_only=True):
    """Choose ``min`` to ``max`` options."""

    min: int
    max: int


class Score(_Contest, frozen=True, forbid_unknown_fields=True, tag="score", kw_only=True):
    """Give every option 0 to ``top``."""

    top: int


class Points(_Contest, frozen=True, forbid_unknown_fields=True, tag="points", kw_only=True):
    """Share out at most ``points`` among the options; the rest is a hidden remainder."""

    points: int


class Rank(_Contest, frozen=True, forbid_unknown_fields=True, tag="rank", kw_only=True):
    """Put the options in order; with ``ties`` equal places are allowed."""

    ties: bool


Contest = Choose | Score | Points | Rank


def most_per_slot(contest: Contest) -> int:
    """Return the most that one ballot of weight 1 adds to one slot."""
    if isinstance(contest, Score):
        return contest.top
    return contest.points if isinstance(contest, Points) else 1


def check_contest(contest: Contest) -> None:
    """Check a contest's bounds and that its rule fits its kind (section 9).

    Raises:
        ManifestError: The message names the contest and the rule broken.
    """
    count = len(contest.options)
    ids = contest.option_ids
    _demand(
        count >= (2 if isinstance(contest, Rank) else 1),
        "In the contest '%(contest)s': there are too few options.",
        contest=contest.id,
    )
    _demand(
        bool(contest.id) and all(ids),
        "In the contest '%(contest)s': a contest or an option has an empty id.",
        contest=contest.id,
    )
    _demand(len(set(ids)) == count, "In the contest '%(contest)s': two options have the same id.", contest=contest.id)
    _demand(
        contest.abstain in ("", *ids),
        "In the contest '%(contest)s': abstain must be the id of an option, or empty.",
        contest=contest.id,
    )
    if isinstance(contest, Choose):
        _demand(
            0 <= contest.min <= contest.max <= count,
            "In the contest '%(contest)s': 0 ≤ min ≤ max ≤ number of options must hold.",
            contest=contest.id,
        )
    if isinstance(contest, Score):
        _demand(
            1 <= contest.top < 1 << SLOT_BITS,
            "In the contest '%(contest)s': top must be at least 1.",
            contest=contest.id,
        )
    if isinstance(contest, Points):
        _demand(
            1 <= contest.points < 1 << SLOT_BITS,
            "In the contest '%(contest)s': points must be at least 1.",
            contest=contest.id,
        )
    _check_rule(contest)


def _check_rule(contest: Contest) -> None:
    rule, count = contest.rule, len(contest.options)
    ranked = isinstance(contest, Rank)
    if isinstance(rule, Schulze | Borda):
        _demand(ranked, "In the contest '%(contest)s': schulze and borda need a ranking.", contest=contest.id)
    else:
        _demand(
            not ranked, "In the contest '%(contest)s': a ranking needs the rule schulze or borda.", contest=contest.id
        )
    if isinstance(rule, Plurality | Schulze | Borda):
        _demand(
            1 <= rule.seats <= count,
            "In the contest '%(contest)s': seats must be 1 to the number of options.",
            contest=contest.id,
        )
    if isinstance(rule, Majority):
        _demand(
            isinstance(contest, Choose),
            "In the contest '%(contest)s': majority needs a contest of the kind choose.",
            contest=contest.id,
        )
        _demand(
            rule.of in contest.option_ids,
            "In the contest '%(contest)s': the majority's option does not exist.",
            contest=contest.id,
        )
        _demand(
            rule.of != contest.abstain,
            "In the contest '%(contest)s': the majority's option cannot be the abstention.",
            contest=contest.id,
        )
        percents = (rule.percent, rule.turnout_percent)
        _demand(
            all(0 <= percent <= 100 for percent in percents),
            "In the contest '%(contest)s': percents must be 0 to 100.",
            contest=contest.id,
        )
    if isinstance(rule, Budget):
        _demand(
            len(rule.costs) == count,
            "In the contest '%(contest)s': there must be one cost for each option.",
            contest=contest.id,
        )
        _demand(
            rule.budget >= 0 and min(rule.costs) >= 0,
            "In the contest '%(contest)s': costs and budget cannot be negative.",
            contest=contest.id,
        )


def _demand(condition: bool, sentence: str, **values: object) -> None:
    if not condition:
        raise ManifestError(sentence, **values)
