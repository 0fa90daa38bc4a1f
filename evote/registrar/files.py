"""The registrar's files: read whole; written new, all or none, and never over another.

The trustees' program has its own of this (`tally.files`): the one package that both use, `ballots`, writes nothing.
"""

import errno
import os
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path

from evote.registrar.errors import FileProblem

SECRET, PUBLIC = 0o600, 0o644


def read(path: Path) -> bytes:
    """Read a file; raises :class:`FileProblem` with a sentence."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileProblem(f"Could not read {path}: {error.strerror}.") from None


def write_new(folder: Path, files: Mapping[str, tuple[bytes, int]]) -> None:
    """Write new files {name: (content, mode)} into a folder: all of them, or none.

    Raises:
        FileProblem: One exists already, or the disk is full or refuses.
    """
    staged: list[tuple[Path, Path]] = []
    placed: list[Path] = []
    path = folder
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, (data, mode) in files.items():
            path = folder / name
            if os.path.lexists(path):
                raise FileProblem(
                    f"{path} exists already and is not overwritten. Choose another place, or move it away."
                )
            temporary = folder / f".{name}.{secrets.token_hex(6)}.part"
            staged.append((temporary, path))
            with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        for temporary, path in staged:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, SECRET))  # fails if somebody was faster
            placed.append(path)
            temporary.replace(path)
        _flush(folder)
    except FileExistsError:
        _remove(placed)
        raise FileProblem(f"{path} exists already and is not overwritten. Choose another place.") from None
    except OSError as error:
        _remove(placed)
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        reason = "the disk is full. Nothing half written was left" if full else f"{error.strerror}"
        raise FileProblem(f"Could not write {path}: {reason}.") from None
    finally:
        for temporary, _ in staged:
            temporary.unlink(missing_ok=True)


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _flush(folder: Path) -> None:
    """Bring the names of a folder to the disk, where its file system can."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(descriptor)
