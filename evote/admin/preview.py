"""How voters will see a draft: the same sentences as on the page of the election, as far as it is written."""

from collections.abc import Sequence

import msgspec

from ballots.definition import Contest, check_contest
from ballots.errors import ManifestError
from evote.admin.presets import Definition
from evote.pages.elections import OptionView
from evote.pages.filters import localized
from evote.pages.wording import how_it_is_decided, how_to_vote


class ContestPreview(msgspec.Struct, frozen=True):
    """A contest as voters will see it; without the two sentences while its numbers do not fit."""

    title: str
    how_to_vote: str
    rule: str
    options: Sequence[OptionView]


def preview_contest(contest: Definition) -> ContestPreview:
    """Write out a contest of a draft in the page's language."""
    costs = contest["rule"].get("costs", [None] * len(contest["options"]))
    how, rule = _sentences(contest)
    return ContestPreview(
        title=localized(contest["title"]),
        how_to_vote=how,
        rule=rule,
        options=[
            OptionView(
                label=localized(option["label"]),
                party=localized(option["party"]),
                info=localized(option["info"]),
                cost=cost,
                abstain=option["id"] == contest["abstain"],
            )
            for option, cost in zip(contest["options"], costs, strict=True)
        ],
    )


def _sentences(fields: Definition) -> tuple[str, str]:
    try:
        contest: Contest = msgspec.convert(fields, Contest)
        check_contest(contest)
    except (msgspec.ValidationError, ManifestError):
        return "", ""
    return how_to_vote(contest), how_it_is_decided(contest)
