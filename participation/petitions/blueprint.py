"""The blueprint of petitions, and what its pages share."""

from dataclasses import dataclass

from flask import Blueprint, current_app, url_for

from participation.petitions.counts import Count
from participation.petitions.life import Debate, Response, State, is_archived
from participation.petitions.queries import PetitionView, may_sign
from participation.petitions.wording import debate_name, response_name, state_name, state_tone
from participation.ports import Ports

blueprint = Blueprint("petitions", __name__, url_prefix="/petitions")


@dataclass(frozen=True)
class Badge:
    """A state with the colour class of its badge."""

    label: str
    tone: str


@dataclass(frozen=True)
class Goal:
    """The threshold that a petition is on the way to, or the last that it reached.

    Attributes:
        at: Signatures.
        response: It is that of an answer; else that of a debate.
        reached: It was reached.
    """

    at: int
    response: bool
    reached: bool


def badges_of(view: PetitionView, ports: Ports) -> list[Badge]:
    """Say where a petition stands: its state, its answer, its debate."""
    found = [Badge(state_name(view.state), state_tone(view.state))]
    if view.state is State.CLOSED and is_archived(view.life, ports.now(), ports.rules.petitions.archive_days):
        found.append(Badge(_archived(), "plain"))
    if answer := response_name(view.life):
        found.append(Badge(answer, "good" if view.life.response is Response.RESPONDED else "wait"))
    if debate := debate_name(view.life):
        tone = {Debate.DEBATED: "good", Debate.NOT_DEBATED: "bad"}.get(view.life.debate, "wait")
        found.append(Badge(debate, tone))
    return found


def goal_of(count: Count, ports: Ports) -> Goal:
    """Return the next threshold of a number of signatures."""
    rules = ports.rules.petitions
    if count.towards < rules.response_at:
        return Goal(rules.response_at, response=True, reached=False)
    return Goal(rules.debate_at, response=False, reached=count.towards >= rules.debate_at)


def sign_address(view: PetitionView, ports: Ports) -> str:
    """Return where a petition is signed; empty where it cannot be now."""
    if "signatures.sign" not in current_app.view_functions or not may_sign(view, ports.now()):
        return ""
    return url_for("signatures.sign", petition_id=view.id)


def _archived() -> str:
    from flask_babel import gettext

    return gettext("Archived")
