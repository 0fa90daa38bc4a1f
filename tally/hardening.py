"""Keep secrets out of core dumps and swap, as far as the system lets an ordinary program."""

import ctypes
import resource
import sys
from pathlib import Path

_PR_SET_DUMPABLE = 4
_MCL_CURRENT_AND_FUTURE = 3
_CAP_IPC_LOCK = 14
_STATUS = Path("/proc/self/status")


def protect_memory() -> tuple[str, ...]:
    """Forbid core dumps and lock this process's memory.

    Returns:
        A sentence for each protection that could not be had; empty when all hold.
    """
    return tuple(problem for problem in (_forbid_core_dumps(), _forbid_tracing(), _lock_memory()) if problem)


def _forbid_core_dumps() -> str:
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (OSError, ValueError) as error:
        return f"Core dumps could not be disabled ({error}). Run `ulimit -c 0` first."
    return ""


def _forbid_tracing() -> str:
    if sys.platform != "linux":
        return ""
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        return "Other programs of this user may read this program's memory (prctl failed)."
    return ""


def _lock_memory() -> str:
    advice = "Secrets could reach the swap: switch swap off (`swapoff -a`), or use a machine without any."
    try:
        # Without the raised limit a later allocation would fail once everything is locked.
        _, hard = resource.getrlimit(resource.RLIMIT_MEMLOCK)
        resource.setrlimit(resource.RLIMIT_MEMLOCK, (hard, hard))
        if hard != resource.RLIM_INFINITY and not _may_lock_beyond_limits():
            return f"This user may lock only {hard // 1024} KiB of memory. {advice}"
        library = ctypes.CDLL(None, use_errno=True)
        if library.mlockall(_MCL_CURRENT_AND_FUTURE) != 0:
            return f"Memory could not be locked (mlockall). {advice}"
    except (OSError, ValueError, AttributeError) as error:
        return f"Memory could not be locked ({error}). {advice}"
    return ""


def _may_lock_beyond_limits() -> bool:
    """Tell whether this process has CAP_IPC_LOCK, as root outside containers has."""
    try:
        lines = _STATUS.read_text(encoding="ascii", errors="replace").splitlines()
        return any(line.startswith("CapEff:") and int(line.split()[1], 16) >> _CAP_IPC_LOCK & 1 for line in lines)
    except (OSError, ValueError, IndexError):
        return False
