"""What several attacks begin with."""

from typing import Any

from tests.verifier.forge.bytes import b64
from tests.verifier.forge.vote import Made
from tests.verifier.forge.world import World

WON = {"mayor": {"elected": ["ada"], "tied": []}}
SMALL_ORDER = b64((2**255 - 20).to_bytes(32, "little"))


def opened(**changed: Any) -> World:
    world = World(**changed).open()
    world.cast("ann")
    return world


def passes_for(world: World, name: str, ballot: dict[str, Any]) -> None:
    """Log a ballot as it is, with a good signature."""
    world.log_ballot(Made(ballot), name)


def decoded(text: str) -> bytes:
    from verifier.codec import decode_bytes

    return decode_bytes(text, len(text) * 3 // 4)
