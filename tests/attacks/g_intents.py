"""G. Intents: who signed which log is counted. Two quorums must not be shown two logs that differ by one ballot."""

from collections.abc import Callable
from typing import Any

from tests.attacks.e_board import UNFIT
from tests.attacks.forge import Forge
from tests.attacks.register import attacks
from tests.attacks.steps import Step
from tests.support.elections import seeded_key


def intents(change: Callable[[Forge, list[Step]], object]) -> Callable[[Forge], object]:
    return lambda forge: change(forge, [step for step in forge.steps if step.kind == "intent"])


def sign_other(forge: Forge, step: Step, **changed: Any) -> None:
    """Let a signer sign another intent than this log's."""
    assert forge.intent is not None
    role = "observer" if "observer" in step.body else "trustee"
    fields = {**forge.intent.signed(forge.fingerprint), **changed}
    step.fixed = {"signature": forge.keys[f"{role} {step.body[role]}"].sign("intent", fields)}


attacks(
    "G3",
    "8 intents: signatures",
    UNFIT,
    an_intent_for_a_log_that_differs=intents(lambda forge, all: sign_other(forge, all[0], root="A" * 43)),
    an_intent_for_other_ballots=intents(lambda forge, all: sign_other(forge, all[0], counted="A" * 43)),
    an_intent_for_another_election=intents(lambda forge, all: sign_other(forge, all[1], election="A" * 43)),
    an_intent_signed_by_somebody_else=intents(
        lambda forge, all: forge.keys.update({"observer 1": seeded_key("somebody")})
    ),
)
attacks(
    "G3",
    "8 intents: signatures",
    "already signed|There is no",
    one_signer_twice=intents(lambda forge, all: forge.insert(Step("intent", "", dict(all[0].body)), before=all[1])),
    an_observer_that_there_is_not=lambda forge: (
        forge.keys.update({"observer 2": seeded_key("observer 2")}),
        forge.insert(Step("intent", "", {"observer": 2}), before=forge.find("intent")),
    ),
    a_trustee_that_there_is_not=lambda forge: (
        forge.keys.update({"trustee 4": seeded_key("trustee 4")}),
        forge.insert(Step("intent", "", {"trustee": 4}), before=forge.find("intent")),
    ),
)
attacks(
    "G3",
    "8 intents: quorum",
    "needs the intents of 4",
    too_few_intents=intents(lambda forge, all: forge.drop(all[0], all[1])),
)
