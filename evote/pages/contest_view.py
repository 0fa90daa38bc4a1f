"""Contests as people read them before the vote: options side by side, with the same headed parts for each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext
from markupsafe import Markup

from ballots import codec
from ballots.definition import Budget, Contest, Option
from ballots.manifest import Manifest
from evote.elections.headed import AIMS, ARGUMENTS, BACKGROUND, SOURCES, parse_headed, parts_in_use
from evote.elections.media_files import parse_media_path, sort_media
from evote.elections.ordering import Drawn, Order, Rotated, arrange, draw_key
from evote.pages.filters import localized
from evote.pages.prose import ISOLATES, render_prose
from evote.pages.wording import how_it_is_decided, how_it_is_ordered, how_to_vote

Address = Callable[[str], str]
"""Where a file of the manifest is: {path: address}."""


@dataclass(frozen=True)
class DocumentView:
    """A document to download; `name` as in its path, `size` in bytes, nothing where it is not known."""

    address: str
    name: str
    type: str
    size: int | None
    sha256: str


@dataclass(frozen=True)
class OptionView:
    """A candidate or answer.

    Attributes:
        about: What stands before the headed parts.
        parts: As many as the contest has headings, in their order; empty where nothing was given.
        picture, small: Addresses, or empty.
        cost: Only where a budget decides.
    """

    label: str
    party: str
    about: Markup
    parts: Sequence[Markup]
    picture: str
    small: str
    documents: Sequence[DocumentView]
    cost: int | None
    abstain: bool


@dataclass(frozen=True)
class DrawView:
    """How a drawn order came about: the seed, where it comes from, and each option's hash, ascending."""

    seed: str
    source: str
    hashes: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class ContestView:
    """A question with its options, side by side.

    Attributes:
        headings: Of the parts that some option has, in the page's language.
        order: The rule of the order, in a sentence.
        options: In the order in which they are shown; without the abstention.
        abstain: The abstention, if there is one.
        styles: Ballot styles that hold the contest.
    """

    title: str
    how_to_vote: str
    rule: str
    order: str
    draw: DrawView | None
    rotated: bool
    headings: Sequence[str]
    options: Sequence[OptionView]
    abstain: OptionView | None
    styles: Sequence[str]

    @property
    def detailed(self) -> bool:
        """Whether there is more to compare than names, parties and a line."""
        return bool(self.headings) or any(one.small or one.documents for one in self.options)

    @property
    def pictures(self) -> bool:
        """Whether any option has a picture."""
        return any(one.small for one in self.options)

    @property
    def documents(self) -> bool:
        """Whether any option has a document."""
        return any(one.documents for one in self.options)


def part_name(part: str) -> str:
    """Name a headed part in the page's language."""
    return {
        BACKGROUND: gettext("Background"),
        AIMS: gettext("Aims"),
        ARGUMENTS: gettext("Arguments"),
        SOURCES: gettext("Sources"),
    }[part]


def view_contest(
    contest: Contest,
    manifest: Manifest | None,
    order: Order | None,
    address: Address,
    sizes: Mapping[str, int],
    *,
    decided: bool = True,
) -> ContestView:
    """Write out a contest in the page's language.

    Args:
        contest: Of a manifest or of a draft.
        manifest: For the ballot styles; nothing while there is none.
        order: Its rule; nothing for the manifest's order.
        address: Where files are.
        sizes: {path: bytes} of files.
        decided: Whether its numbers fit together; else nothing is said of them.
    """
    costs: Sequence[int | None] = [None] * len(contest.options)
    if isinstance(contest.rule, Budget):
        costs = contest.rule.costs
    headings = parts_in_use(text for one in contest.options for text in one.info.values())
    views = [
        _view_option(one, cost, headings, one.id == contest.abstain, address, sizes)
        for one, cost in zip(contest.options, costs, strict=True)
    ]
    shown = [views[place] for place in arrange(contest, order)]
    return ContestView(
        title=localized(contest.title),
        how_to_vote=how_to_vote(contest) if decided else "",
        rule=how_it_is_decided(contest) if decided else "",
        order=how_it_is_ordered(order),
        draw=_view_draw(contest, order) if isinstance(order, Drawn) else None,
        rotated=isinstance(order, Rotated),
        headings=[part_name(name) for name in headings],
        options=[one for one in shown if not one.abstain],
        abstain=next((one for one in shown if one.abstain), None),
        styles=[style for style, held in manifest.styles.items() if contest.id in held] if manifest else [],
    )


def _view_option(
    option: Option,
    cost: int | None,
    headings: Sequence[str],
    abstain: bool,
    address: Address,
    sizes: Mapping[str, int],
) -> OptionView:
    media, text = sort_media(option.media), parse_headed(localized(option.info).strip(ISOLATES))
    return OptionView(
        label=localized(option.label),
        party=localized(option.party),
        about=render_prose(text.about),
        parts=[render_prose(text.parts.get(name, "")) for name in headings],
        picture=address(media.picture) if media.picture else "",
        small=address(media.small) if media.small else "",
        documents=[_view_document(path, option.media[path], address, sizes) for path in media.documents],
        cost=cost,
        abstain=abstain,
    )


def _view_document(path: str, sha256: str, address: Address, sizes: Mapping[str, int]) -> DocumentView:
    found = parse_media_path(path)
    name, kind = (found.name, found.type) if found else ("", "")
    return DocumentView(address(path), name or gettext("Document"), kind.upper(), sizes.get(path), sha256)


def _view_draw(contest: Contest, order: Drawn) -> DrawView:
    names = {one.id: localized(one.label) for one in contest.options}
    keys = {one: draw_key(contest, order.seed, one) for one in contest.option_ids if one != contest.abstain}
    hashes = [(names[one], codec.encode_bytes(keys[one])) for one in sorted(keys, key=lambda one: keys[one])]
    return DrawView(order.seed, localized(order.source), hashes)
