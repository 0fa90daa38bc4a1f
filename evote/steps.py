"""Named points between the steps of casting, at which the crash tests stop the process.

In earnest nobody observes them and `reached` does nothing.
"""

from collections.abc import Callable


def _unobserved(step: str) -> None:
    """Do nothing."""


observer: Callable[[str], None] = _unobserved


def reached(step: str) -> None:
    """Tell the observer, if there is one, that `step` is done."""
    observer(step)
