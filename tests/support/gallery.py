"""One election for each state that a page can show, with the contests of every kind: for tests and screenshots."""

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from apiflask import APIFlask

from ballots import codec
from ballots.definition import Contest, Points, Rank, Score
from evote.app import create_app
from evote.elections.headed import encode_headed
from evote.elections.media import named_media, store_media
from evote.elections.media_files import MediaFile
from evote.elections.ordering import ORDER_FILE, encode_orders
from evote.services import Services
from evote.settings import Settings
from tests.support.elections import Simulation, contest, seeded_key, simulate
from tests.support.gallery_pictures import files_of, full_text, picture
from tests.support.gallery_texts import spoken
from tests.support.server import Clock, make_services
from tests.support.stored import store

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
TRUSTEES = ["Clerk of the court", "Bar association", "University senate"]
PLURALITY = {"name": "plurality", "seats": 1}


def _option(identity: str, label: str, party: str = "", info: str = "", **parts: str) -> dict[str, Any]:
    """Make an option with what is drawn of it; `parts` are the headed parts of its text."""
    abouts, texts = spoken(info), {name.title(): spoken(text) for name, text in parts.items()}
    languages = [language for language in ("en", "fa") if abouts or texts]
    return {
        "id": identity,
        "label": spoken(label),
        "party": spoken(party),
        "info": {
            one: encode_headed(abouts.get(one, ""), {name: text[one] for name, text in texts.items()})
            for one in languages
        },
        "media": {file.path: file.sha256 for file in picture(identity)},
    }


def _contest(kind: str, title: str, options: Sequence[Mapping[str, Any]], **fields: Any) -> dict[str, Any]:
    rule = fields.pop("rule", PLURALITY)
    made = contest(title.split()[0].lower(), kind, [], rule, **{"abstain": "", **fields})
    return {**made, "title": spoken(title), "options": list(options)}


EMBLEM = _contest(
    "choose",
    "Emblem of the city",
    [
        _option(
            "heron",
            "Grey heron",
            "River wardens",
            "Stands in the shallows all year, and is seen from every bridge.",
            background="It came back when the river was cleaned.",
            aims="- The river on every letter of the city\n- A bird that children can draw",
            sources="[Count of the wardens](https://river.example/count)",
        ),
        _option(
            "plane",
            "Plane tree",
            "Gardens office",
            "Lines the old avenues; the tallest is older than the city hall.",
            background="Eight hundred of them stand along the avenues, planted when these were laid out.",
            aims="Shade, and something that all quarters have in common.",
        ),
        _option(
            "mill",
            "Water mill",
            "",
            "Turned for three hundred years where the market is today.",
            background="Its wheel is in the museum.",
            sources="https://museum.example/wheel",
        ),
        _option("none", "None of these"),
    ],
    abstain="none",
    min=1,
    max=1,
)
ORDERS: list[dict[str, Any]] = [
    {
        "id": "emblem",
        "name": "drawn",
        "seed": "4 8 15 16 23 42",
        "source": spoken("Six dice, thrown in the town hall after the list was closed"),
    },
    {"id": "projects", "name": "rotated", "by": "voter"},
]
PROJECTS = _contest(
    "choose",
    "Projects of the ward",
    [
        _option("streets", "Resurfacing of streets"),
        _option("trees", "Trees along the avenue"),
        _option("mural", "A mural beside the underpass"),
        _option("refuge", "A refuge island for people on foot"),
    ],
    rule={"name": "budget", "budget": 900_000, "costs": [600_000, 90_000, 35_000, 210_000]},
    min=0,
    max=3,
)
TRAMWAY = _contest(
    "choose",
    "Tramway: shall it be rebuilt?",
    [
        _option(
            "yes",
            "Yes",
            arguments="- It carries as many people as six lanes of cars.\n- The old way is still free.",
            sources="https://tram.example/study",
        ),
        _option(
            "no",
            "No",
            arguments="- Buses do the same for a third of the money.\n- Three years of building sites.",
        ),
        _option("abstain", "I abstain"),
    ],
    rule={"name": "majority", "percent": 50, "turnout_percent": 25, "of": "yes"},
    abstain="abstain",
    min=1,
    max=1,
)
TRAMWAY["options"][0]["media"][full_text().path] = full_text().sha256
CHAIR = _contest(
    "rank",
    "Chair of the assembly",
    [
        _option("lovelace", "Ada Lovelace"),
        _option("noether", "Emmy Noether"),
        _option("mirzakhani", "Maryam Mirzakhani"),
    ],
    rule={"name": "schulze", "seats": 1},
    ties=True,
)
TREASURER = _contest(
    "rank",
    "Treasurer of the assembly",
    [_option("gauss", "Carl Gauss"), _option("germain", "Sophie Germain"), _option("euler", "Leonhard Euler")],
    rule={"name": "borda", "seats": 1},
    ties=False,
)
HOURS = _contest("points", "Opening hours", [_option("early", "Mornings"), _option("late", "Evenings")], points=10)
FOOD = _contest("score", "Food at the feast", [_option("soup", "Soup"), _option("cake", "Cake")], top=3)
EVERY_KIND = (TRAMWAY, PROJECTS, CHAIR, TREASURER, HOURS, FOOD)


def gallery_settings(folder: Path) -> Settings:
    """Return settings for a demonstration on SQLite in this folder."""
    return Settings(
        data_dir=folder,
        database_url=f"sqlite:///{folder / 'evote.sqlite3'}",
        secret_key=b"a secret of the tests, 32 bytes long",
        board_key_file=folder / "board.key",
        base_url="https://vote.example",
        demo=True,
        allow_test_keys=True,
        rate_limits=False,
    )


def make_gallery(settings: Settings) -> tuple[APIFlask, dict[str, str]]:
    """Fill a database; returns the application and {state: election id}."""
    app, _, ids = fill_gallery(settings, Clock(NOW))
    return app, ids


def fill_gallery(settings: Settings, clock: Clock) -> tuple[APIFlask, Services, dict[str, str]]:
    """Do the same by a clock that can be moved; the services too."""
    services = make_services(settings, clock)
    app = create_app(settings, services)
    tallied, refused = _tallied(), _refused()
    stored = {
        "draft": (_make(1, "A vote in preparation", [EMBLEM]), "draft", None),
        "frozen": (_make(2, "Assembly of the cooperative", [CHAIR, HOURS], opens_in=2, closes_in=5), "frozen", None),
        "waiting": (_waiting(), "open", None),
        "open": (_open(), "open", None),
        "closing": (_voted(_make(5, "Council of the students", [EMBLEM], closes_in=-0.1), 3), "open", None),
        "closed": (_closed(), "closed", None),
        "tallied": (tallied, "tallied", tallied.tally()),
        "refused": (refused, "tallied", refused.tally()),
        "annulled": (_annulled(), "annulled", None),
    }
    ids = {name: store(services.database, *what) for name, what in stored.items()}
    orders = MediaFile(ORDER_FILE, encode_orders(ORDERS, ["emblem", "projects"]))
    with services.database.writing() as session:
        for made, _, _ in stored.values():
            named = named_media(made.election.manifest)
            files = [*files_of(named), *([orders] if ORDER_FILE in named else [])]
            store_media(session, made.election.manifest.id, files)
    return app, services, ids


def _make(
    number: int,
    title: str,
    contests: Sequence[Mapping[str, Any]],
    opens_in: float = -2,
    closes_in: float = 3,
    **more: Any,
) -> Simulation:
    """Make an election of 20 voters; times are in days from now."""
    fields = {
        "id": f"{number:08}-4f6e-4f0b-9a53-0d5a3e0f8a11",
        "title": spoken(title),
        "opens_at": codec.encode_time(NOW + timedelta(days=opens_in)),
        "closes_at": codec.encode_time(NOW + timedelta(days=closes_in)),
        "trustee_names": TRUSTEES,
    }
    return simulate(contests, more.pop("voters", 20), **{**fields, **more})


def _voted(made: Simulation, ballots: int) -> Simulation:
    """Open and cast; from the 41st on the ballots replace earlier ones."""
    made.now = codec.parse_time(made.election.manifest.opens_at)
    made.open()
    rng = random.Random(made.election.manifest.id)
    for number in range(ballots):
        choices = {one.id: _choice(one, rng) for one in made.election.manifest.contests}
        made.now += timedelta(minutes=30)
        made.cast(made.voters[number % 40], choices)
    return made


def _choice(one: Contest, rng: random.Random) -> Any:
    ids = list(one.option_ids)
    if isinstance(one, Score):
        return {identity: rng.randint(0, one.top) for identity in ids}
    if isinstance(one, Points):
        first = rng.randint(0, one.points)
        return {ids[0]: first, ids[1]: rng.randint(0, one.points - first)}
    if isinstance(one, Rank):
        rng.shuffle(ids)
        return [[identity] for identity in ids] if one.ties else ids
    return rng.sample(ids, rng.randint(one.min, one.max))


def _waiting() -> Simulation:
    made = _make(3, "Board of the library", [EMBLEM], opens_in=1, closes_in=4)
    made.now = NOW - timedelta(days=1)
    made.open()
    return made


def _open() -> Simulation:
    """More than a page of entries: revotes, an audit, a strike, an extension."""
    text = "Choose what the city shows on its arms and its letters. Everybody on the roll has one vote."
    observers = [{"name": "League of voters", "key": seeded_key("observer").public}]
    orders = MediaFile(ORDER_FILE, encode_orders(ORDERS, ["emblem", "projects"]))
    more: dict[str, Any] = {"description": spoken(text), "observers": observers, "booth": {ORDER_FILE: orders.sha256}}
    made = _make(4, "A new emblem", [EMBLEM, PROJECTS], voters=48, **more)
    _voted(made, 55)
    choices = {"emblem": ["heron"], "projects": []}
    made.append("audited", {"tracker": made.seal(made.voters[2], choices).ballot.tracker})
    made.append("strike", made.signed_by("registrar", "strike", voter=made.voters[20].key.public))
    later = codec.encode_time(NOW + timedelta(days=4))
    made.append("extend", made.signed_by("official", "extend", closes_at=later, reason="The post was late."))
    return made


def _closed() -> Simulation:
    made = _voted(_make(6, "Tramway referendum", [TRAMWAY], closes_in=-0.2), 9)
    made.close()
    made.intend(1)
    return made


def _tallied() -> Simulation:
    text = "Six questions, one of each kind."
    made = _voted(_make(7, "Spring vote of the ward", EVERY_KIND, closes_in=-0.3, description=spoken(text)), 18)
    made.close()
    return made


def _refused() -> Simulation:
    made = _voted(_make(8, "A very small vote", [EMBLEM], closes_in=-0.4, min_ballots=5), 2)
    made.close()
    return made


def _annulled() -> Simulation:
    made = _voted(_make(9, "Vote of the allotment club", [EMBLEM], closes_in=-0.5), 3)
    reason = "The letters of one street were never delivered."
    made.append("annul", made.signed_by("official", "annul", reason=reason))
    return made
