"""Figures of many rows, worked out for everybody at most every few seconds in each process."""

from collections.abc import Callable, Hashable
from datetime import timedelta
from typing import TypeVar, cast

from participation.ports import Ports

SECONDS = 10
_MOST = 2000
_Figures = TypeVar("_Figures")


def remembered(ports: Ports, name: Hashable, work_out: Callable[[], _Figures]) -> _Figures:
    """Return figures as they were worked out, by this process, less than ten seconds ago; else work them out."""
    kept, now = ports.memory.setdefault("figures", {}), ports.now()
    found = kept.get(name)
    if found is None or not timedelta() <= now - found[0] < timedelta(seconds=SECONDS):
        if len(kept) >= _MOST:
            kept.clear()
        found = kept[name] = now, work_out()
    return cast(_Figures, found[1])


def forget(ports: Ports, name: Hashable) -> None:
    """Have figures worked out anew: who changed them wants to see it. Other processes follow within ten seconds."""
    ports.memory.setdefault("figures", {}).pop(name, None)
