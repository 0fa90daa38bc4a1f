"""Petitions for the demonstration, one in each state, made through the use cases as people would act."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ballots import codec
from participation.petitions.answering import respond, set_debate, write_update
from participation.petitions.checking import Act, Decision, decide
from participation.petitions.creation import begin_draft, confirm_creator, hand_in, save_draft
from participation.petitions.first_signers import sign_first
from participation.petitions.life import Debate
from participation.petitions.models import Petition
from participation.petitions.queries import find_petition
from participation.petitions.supporters import ask_to_support, confirm_support
from participation.petitions.timekeeping import close_due, notice_count
from participation.ports import Ports
from participation.signatures.asking import Signer, ask
from participation.signatures.confirming import confirm

RULES = """# Thresholds low enough for a demonstration.
[petitions]
supporters = 2
response_at = 8
debate_at = 14
"""
_TOKEN = re.compile(r"/confirm/([\w-]+)")
_SECRET = re.compile(r"/sign/([\w-]+)")
_PLACES = ("", "IR-23", "IR-10", "IR-07", "IR-09", "IR-04")


@dataclass(frozen=True)
class Example:
    """A petition to make.

    Attributes:
        days: How many days ago it was begun.
        signatures: Beside its creator and two supporters.
        ends: What becomes of it, as (act, reason), after it opened; or before, for what is not accepted.
    """

    language: str
    title: str
    background: str
    details: str
    creator: str
    days: int
    signatures: int = 0
    opens: bool = True
    ends: tuple[Act, str] | None = None
    answer: tuple[str, str, str] | None = None
    debate: str = ""
    news: tuple[str, str] | None = None


EXAMPLES: Sequence[Example] = (
    Example(
        "en",
        "Build a footbridge over the river at the mill",
        "The town should build a footbridge at the mill before the next school year.",
        "The way to school is two kilometres longer without it, along a road that has no pavement.",
        "Resident A",
        20,
        4,
        news=("We walked the way together", "Forty families walked the long way on Sunday. Thank you for coming."),
    ),
    Example(
        "fa",
        "کتابخانهٔ محله را شب‌ها باز نگه دارید",
        "کتابخانهٔ محله تا ساعت ده شب باز بماند تا کسانی که روزها کار می‌کنند هم بتوانند بخوانند.",
        "در سه محلهٔ دیگر این کار شده است و سالن‌ها هر شب پر است.",
        "شهروند ب",
        60,
        6,
    ),
    Example(
        "fa",
        "برای دوچرخه‌ها در خیابان بلند مسیر جدا بسازید",
        "شهرداری در خیابان بلند مسیری جدا برای دوچرخه بسازد.",
        "",
        "شهروند پ",
        120,
        12,
        answer=(
            "شورای شهر",
            "مسیر دوچرخه در برنامهٔ سال آینده است.",
            "شورا در نشست خود با ساخت مسیر موافقت کرد. کار از بهار آغاز می‌شود و شش ماه زمان می‌برد.",
        ),
        debate="دربارهٔ هزینه و زمان ساخت در نشست آشکار شورا گفت‌وگو شد.",
    ),
    Example(
        "en",
        "Plant trees along the market street",
        "Plant at least forty trees along the market street, and water them in the first summers.",
        "On hot days the street is empty at noon.",
        "Resident D",
        230,
        2,
    ),
    Example(
        "en",
        "Give the old tower a fresh coat of paint",
        "The tower should be painted.",
        "",
        "Resident E",
        9,
        opens=False,
        ends=(Act.REJECT, "already-done"),
    ),
    Example(
        "en",
        "Open the swimming pool in winter too",
        "Open it from November to March.",
        "",
        "Resident F",
        2,
        opens=False,
    ),
    Example(
        "fa",
        "بازار هفتگی را به میدان بازگردانید",
        "بازار هفتگی دوباره در میدان برپا شود.",
        "",
        "شهروند ج",
        40,
        4,
        ends=(Act.STOP, "creator"),
    ),
)


@dataclass(frozen=True)
class _DemoOfficial:
    """Who decides in the examples."""

    official_id: int = 0
    name: str = "Demo official"

    def may(self, _permission: str) -> bool:
        return True


def make_examples(ports: Ports, examples: Sequence[Example] = EXAMPLES) -> int:
    """Make the examples, unless there are petitions already; returns how many were made."""
    with ports.database.reading() as session:
        if session.scalar(select(func.count()).select_from(Petition)):
            return 0
    for number, example in enumerate(examples):
        with ports.speaking(example.language):
            _make(ports, example, number)
    close_due(ports)
    return len(examples)


def _make(host: Ports, example: Example, number: int) -> None:
    mails: list[str] = []

    def keep(session: Session, to: str, subject: str, text: str, lifetime: timedelta, unsubscribe: str = "") -> None:
        mails.append(text)

    ports = replace(
        host,
        now=lambda: _moment(host.now(), example.days),
        put_mail=keep,
        language=lambda: example.language,
        memory={},
        ring=lambda _name: None,
    )
    key = begin_draft(ports, example.title)
    mail = f"creator{number}@example.org"
    texts = {"background": example.background, "details": example.details}
    save_draft(ports, key, {**texts, "name": example.creator, "mail": mail})
    hand_in(ports, key)
    petition_id, _ = confirm_creator(ports, _found(_TOKEN, mails))
    with ports.database.reading() as session:
        invitation = session.get_one(Petition, petition_id).invitation
    for supporter in range(ports.rules.petitions.supporters):
        ask_to_support(
            ports,
            petition_id,
            invitation,
            f"Supporter {_letters(supporter)}",
            f"supporter{number}.{supporter}@example.org",
        )
        confirm_support(ports, _found(_TOKEN, mails))
    if example.opens:
        _decide(ports, petition_id, Act.APPROVE, "")
        sign_first(ports)
        for signer in range(example.signatures):
            _sign(ports, petition_id, mails, f"signer{number}.{signer}@example.org", signer)
        notice_count(ports, petition_id, example.signatures + 1 + ports.rules.petitions.supporters)
        _officials_speak(replace(ports, now=lambda: _moment(host.now(), example.days // 2)), petition_id, example)
    if example.ends is not None:
        _decide(ports, petition_id, *example.ends)


def _sign(ports: Ports, petition_id: str, mails: list[str], mail: str, number: int) -> None:
    place = _PLACES[number % len(_PLACES)]
    signer = Signer(f"Signer {_letters(number)}", mail, place, f"{10000 + number}", show_name=number % 3 == 0)
    ask(ports, petition_id, signer, f"192.0.2.{number}")
    confirm(ports, petition_id, codec.decode_bytes(_found(_SECRET, mails), 32))


def _decide(ports: Ports, petition_id: str, act: Act, reason: str) -> None:
    with ports.database.reading() as session:
        view = find_petition(session, petition_id)
    assert view is not None
    decide(ports, _DemoOfficial(), petition_id, Decision(act, view.revision, reason))


def _officials_speak(ports: Ports, petition_id: str, example: Example) -> None:
    official = _DemoOfficial()
    with ports.database.reading() as session:
        revision = session.get_one(Petition, petition_id).revision
    if example.answer is not None:
        respond(ports, official, petition_id, revision, *example.answer)
    if example.debate:
        day = ports.now().astimezone(ports.time_zone).date() - timedelta(days=3)
        set_debate(ports, official, petition_id, revision + 1, Debate.DEBATED, day, example.debate)
    if example.news is not None:
        write_update(ports, official, petition_id, *example.news)


def _moment(now: datetime, days: int) -> datetime:
    return now - timedelta(days=days)


def _found(pattern: re.Pattern[str], mails: list[str]) -> str:
    found = pattern.search(mails[-1])
    assert found is not None
    return found[1]


def _letters(number: int) -> str:
    """Return a number in letters: names have no digits."""
    return "".join("ABCDEFGHIJ"[int(digit)] for digit in str(number))
