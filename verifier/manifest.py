"""The manifest: what is asked, of whom, by which rules, under whose keys (section 9)."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from . import codec
from .codec import Json
from .contests import Contest, Layout, Rule, compile_contest, count_branches, slots_of
from .errors import Malformed, inside
from .key import MOST_TRUSTEES

KEY_BYTES = 32
MOST_BITS = 16_384
MOST_BRANCHES_OF_ALL = 1 << 20
"""The page bounds one contest. A ballot of so many branches in all would take hours to make; a manifest that asks for
more is refused before it can exhaust the memory of whoever checks it."""
ORIGIN = re.compile(r"[^\s+\x00-\x1f\x7f]+")
"""A key name of the signed-note format: no space, no plus sign."""


@dataclass(frozen=True, slots=True)
class Observer:
    """Somebody who watches the counting and signs which log was counted."""

    name: str
    key: str


@dataclass(frozen=True)
class Manifest:
    """A manifest within all bounds of the protocol. Keys are base64url text, not yet judged as Ed25519 keys."""

    id: str
    title: str
    contests: tuple[Contest, ...]
    styles: dict[str, tuple[str, ...]]
    opens_at: datetime
    closes_at: datetime
    closing: str
    threshold: int
    trustees: tuple[str, ...]
    observers: tuple[Observer, ...]
    min_ballots: int
    modulus_bits: int
    log_origin: str
    board_key: str
    registrar_key: str
    official_key: str
    hash: bytes

    @cached_property
    def layouts(self) -> dict[str, Layout]:
        """Return what each contest compiles to, by its id."""
        slots = slots_of(self.modulus_bits)
        return {contest.id: compile_contest(contest, slots) for contest in self.contests}

    @cached_property
    def by_id(self) -> dict[str, Contest]:
        """Return the contests by their ids."""
        return {contest.id: contest for contest in self.contests}


def _distinct(names: Iterable[str], what: str) -> None:
    if twice := [name for name, times in Counter(names).items() if times > 1]:
        raise Malformed(f'the {what} "{twice[0][:40]}" occurs twice')


def _words(value: Json, may_be_empty: bool = False) -> str:
    """Check {language: text} and return the English text, or the first one, to show people."""
    texts = {language: codec.text(words) for language, words in codec.mapping(value).items()}
    if not texts and not may_be_empty:
        raise Malformed("a text in at least one language is expected here")
    return texts.get("en", next(iter(texts.values()), ""))


def _hashed_paths(value: Json) -> None:
    for path, digest in codec.mapping(value).items():
        with inside(path[:40]):
            codec.decode_bytes(digest, codec.HASH_BYTES)


def _option(value: Json) -> tuple[str, str]:
    id_, label, party, info, media = codec.fields(value, "id", "label", "party", "info", "media")
    _words(party, may_be_empty=True)
    _words(info, may_be_empty=True)
    _hashed_paths(media)
    if not codec.text(id_):
        raise Malformed("an option's id is empty")
    return codec.text(id_), _words(label)


def _rule(value: Json, kind: str, options: tuple[str, ...], abstain: str) -> Rule:
    name = codec.text(codec.mapping(value).get("name", ""))
    if kind not in RULE_KINDS.get(name, ()):
        raise Malformed(f'the rule "{name[:40]}" is not known for a contest of kind "{kind}"')
    if name in ("plurality", "schulze", "borda"):
        _, seats = codec.fields(value, "name", "seats")
        return Rule(name, seats=codec.integer(seats, 1, len(options)))
    if name == "majority":
        _, percent, turnout, of = codec.fields(value, "name", "percent", "turnout_percent", "of")
        if codec.text(of) not in options or of == abstain:
            raise Malformed('"of" must name an option that is not the abstention')
        return Rule(
            name,
            percent=codec.integer(percent, 0, 100),
            turnout_percent=codec.integer(turnout, 0, 100),
            of=codec.text(of),
        )
    _, budget, costs = codec.fields(value, "name", "budget", "costs")
    return Rule(
        name,
        budget=codec.integer(budget),
        costs=tuple(codec.integer(cost) for cost in codec.array(costs, len(options))),
    )


RULE_KINDS = {
    "plurality": ("choose", "score", "points"),
    "schulze": ("rank",),
    "borda": ("rank",),
    "majority": ("choose",),
    "budget": ("choose", "score", "points"),
}
OWN_FIELDS = {"choose": ("min", "max"), "score": ("top",), "points": ("points",), "rank": ("ties",)}


def _contest(value: Json) -> Contest:
    kind = codec.text(codec.mapping(value).get("kind", ""))
    if kind not in OWN_FIELDS:
        raise Malformed(f'the kind "{kind[:40]}" is not known')
    id_, _, title, choices, abstain, rule, *own = codec.fields(
        value, "id", "kind", "title", "options", "abstain", "rule", *OWN_FIELDS[kind]
    )
    if not codec.text(id_):
        raise Malformed("a contest's id is empty")
    parsed = [_option(choice) for choice in codec.array(choices)]
    options = tuple(option for option, _ in parsed)
    _distinct(options, "option")
    if len(options) < (2 if kind == "rank" else 1):
        raise Malformed("it has too few options")
    if codec.text(abstain) and abstain not in options:
        raise Malformed("the abstention is none of the options")
    limits: dict[str, Any] = {}
    match kind:
        case "choose":
            limits["most"] = codec.integer(own[1], 0, len(options))
            limits["least"] = codec.integer(own[0], 0, limits["most"])
        case "score" | "points":
            limits["top" if kind == "score" else "points"] = codec.integer(own[0], 1)
        case _:
            limits["ties"] = codec.boolean(own[0])
    return Contest(
        codec.text(id_),
        kind,
        options,
        tuple(label for _, label in parsed),
        _words(title),
        codec.text(abstain),
        _rule(rule, kind, options, codec.text(abstain)),
        **limits,
    )


def _trustees(value: Json) -> tuple[int, tuple[str, ...]]:
    total, threshold, names = codec.fields(value, "total", "threshold", "names")
    number = codec.integer(total, 1, MOST_TRUSTEES)
    needed = codec.integer(threshold, 1, number)
    if 2 * needed <= number:
        raise Malformed(f"{needed} of {number} trustees is no majority, so two groups could open different counts")
    return needed, tuple(codec.text(name) for name in codec.array(names, number))


def _observer(value: Json) -> Observer:
    name, key = codec.fields(value, "name", "key")
    codec.decode_bytes(key, KEY_BYTES)
    return Observer(codec.text(name), codec.text(key))


def _uuid(value: Json) -> str:
    try:
        if str(UUID(codec.text(value))) == value:
            return value
    except ValueError:
        pass
    raise Malformed("a UUID in lower case with hyphens is expected here")


def _key_text(value: Json) -> str:
    codec.decode_bytes(value, KEY_BYTES)
    return codec.text(value)


def _modulus_bits(value: Json) -> int:
    bits = codec.integer(value, 1, MOST_BITS)
    if bits % 16 or not slots_of(bits):
        raise Malformed("the length of the modulus must be a multiple of 16 and leave room for a total")
    return bits


def _origin(value: Json) -> str:
    if not ORIGIN.fullmatch(codec.text(value)):
        raise Malformed("the log's name is empty, or has a space, a plus sign or a control character")
    return codec.text(value)


def _closing(value: Json) -> str:
    if value not in ("time", "official"):
        raise Malformed('"time" or "official" is expected here')
    return codec.text(value)


def _styles(value: Json, contests: tuple[Contest, ...]) -> dict[str, tuple[str, ...]]:
    known = {contest.id for contest in contests}
    styles: dict[str, tuple[str, ...]] = {}
    for style, listed in codec.mapping(value).items():
        ids = tuple(codec.text(id_) for id_ in codec.array(listed))
        if not ids:
            raise Malformed(f'the style "{style[:40]}" has no contest')
        _distinct(ids, "contest")
        if unknown := [id_ for id_ in ids if id_ not in known]:
            raise Malformed(f'the style "{style[:40]}" names a contest that there is not: "{unknown[0][:40]}"')
        styles[style] = ids
    if not styles:
        raise Malformed("there is no ballot style")
    return styles


def _contests(value: Json) -> tuple[Contest, ...]:
    contests = []
    for number, item in enumerate(codec.array(value)):
        with inside(f"contest {number}"):
            contests.append(_contest(item))
    _distinct((contest.id for contest in contests), "contest")
    if not contests:
        raise Malformed("there is no contest")
    return tuple(contests)


def _version(value: Json) -> None:
    codec.integer(value, 1, 1)


def _description(value: Json) -> None:
    _words(value, may_be_empty=True)


READERS: dict[str, Callable[[Json], object]] = {
    "version": _version,
    "id": _uuid,
    "title": _words,
    "description": _description,
    "contests": _contests,
    "styles": codec.mapping,
    "opens_at": codec.decode_time,
    "closes_at": codec.decode_time,
    "closing": _closing,
    "trustees": _trustees,
    "observers": lambda value: tuple(_observer(item) for item in codec.array(value)),
    "min_ballots": lambda value: codec.integer(value, 1),
    "modulus_bits": _modulus_bits,
    "log_origin": _origin,
    "board_key": _key_text,
    "registrar_key": _key_text,
    "official_key": _key_text,
    "booth": _hashed_paths,
}
UNUSED = ("version", "description", "booth")
"""Fields that are checked and hashed, and of no use in counting."""


def parse_manifest(value: Json) -> Manifest:
    """Turn the content of manifest.json into a manifest, checking every bound of sections 4 and 9.

    Raises:
        Malformed: a field is missing, unknown, of another type or out of bounds; the text says which.
    """
    parsed: dict[str, Any] = {}
    for (name, read), part in zip(READERS.items(), codec.fields(value, *READERS), strict=True):
        with inside(name):
            parsed[name] = read(part)
    with inside("styles"):
        parsed["styles"] = _styles(parsed["styles"], parsed["contests"])
    parsed["threshold"], parsed["trustees"] = parsed["trustees"]
    if parsed["closes_at"] <= parsed["opens_at"]:
        raise Malformed("it does not close after it opens")
    kept = {name: part for name, part in parsed.items() if name not in UNUSED}
    manifest = Manifest(hash=codec.tagged_hash("evote/1/manifest", value), **kept)
    with inside("contests"):
        slots = slots_of(manifest.modulus_bits)
        if sum(count_branches(contest, slots) for contest in manifest.contests) > MOST_BRANCHES_OF_ALL:
            raise Malformed(f"all contests together need more than {MOST_BRANCHES_OF_ALL} proof branches")
        _ = manifest.layouts  # refuses a contest of too many branches
    return manifest
