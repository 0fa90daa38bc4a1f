"""Files that must be whole or absent: written beside their place, flushed to the disk, then put there."""

import errno
import os
import secrets
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from tally.errors import FileProblem

SECRET_MODE = 0o600
PUBLIC_MODE = 0o644
_NO_LINKS = {errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.EMLINK, errno.EACCES}


def read_file(path: Path, limit: int = 1 << 30) -> bytes:
    """Read a file whole.

    Raises:
        FileProblem: It does not exist, cannot be read, or is larger than ``limit`` bytes.
    """
    with _explained(path, "read"):
        size = path.stat().st_size
        if size > limit:
            raise FileProblem(f"{path} has {size} bytes; at most {limit} make sense here. Is it the right file?")
        return path.read_bytes()


def write_new(files: Mapping[Path, bytes], public: Collection[Path] = ()) -> None:
    """Write several new files: either all of them are there afterwards, or none.

    All contents reach the disk under temporary names first, so a full disk leaves nothing behind.

    Args:
        files: {path: content}.
        public: Those of them that others may read; the rest is for their owner alone.

    Raises:
        FileProblem: One exists already, or the disk is full or refuses.
    """
    staged: dict[Path, Path] = {}
    placed: list[Path] = []
    try:
        for path, data in files.items():
            refuse_existing(path)
            staged[path] = _stage(path, data, PUBLIC_MODE if path in public else SECRET_MODE)
        for path, temporary in staged.items():
            with _explained(path, "write"):
                _place_new(temporary, path)
            placed.append(path)
        for folder in {path.parent for path in files}:
            _flush_folder(folder)
    except BaseException:
        for path in placed:
            path.unlink(missing_ok=True)
        raise
    finally:
        for temporary in staged.values():
            temporary.unlink(missing_ok=True)


def replace(path: Path, data: bytes, mode: int = PUBLIC_MODE) -> None:
    """Write a file, putting it in the place of an older one if there is one.

    Raises:
        FileProblem: The disk is full or refuses; the older file is then untouched.
    """
    temporary = _stage(path, data, mode)
    try:
        with _explained(path, "write"):
            temporary.replace(path)
            _flush_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def refuse_existing(path: Path) -> None:
    """Refuse to overwrite.

    Raises:
        FileProblem: There is something at this path.
    """
    if os.path.lexists(path):
        raise FileProblem(f"{path} exists already and is not overwritten. Choose another place, or move it away.")


def make_folder(path: Path, mode: int = 0o700) -> None:
    """Make a folder and those above it, if they are missing.

    Raises:
        FileProblem: It cannot be made.
    """
    with _explained(path, "make the folder"):
        path.mkdir(mode=mode, parents=True, exist_ok=True)


def _stage(path: Path, data: bytes, mode: int) -> Path:
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}.part")
    try:
        with _explained(path, "write"):
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    return temporary


def _place_new(temporary: Path, path: Path) -> None:
    try:
        path.hardlink_to(temporary)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # FAT sticks have no links: reserve the name first, which also fails if it is taken.
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, SECRET_MODE))
        temporary.replace(path)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(descriptor)


@contextmanager
def _explained(path: Path, doing: str) -> Iterator[None]:
    try:
        yield
    except FileExistsError:
        raise FileProblem(f"{path} exists already and is not overwritten. Choose another place.") from None
    except FileNotFoundError:
        raise FileProblem(f"Could not {doing} {path}: it, or its folder, does not exist.") from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise FileProblem(
                f"Could not {doing} {path}: the disk is full. Nothing half written was left; make room and try again."
            ) from None
        raise FileProblem(f"Could not {doing} {path}: {error.strerror or error}.") from None
