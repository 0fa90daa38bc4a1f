"""The registrar's files: sealed key, roll, lists for the server and for letters; all new, all or none."""

import csv
import errno
import io
import os
import secrets
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ballots import codec, sealed
from ballots.errors import EncodingError
from ballots.signatures import SigningKey
from evote.registrar.credentials import Credential
from evote.registrar.errors import FileProblem, KeyProblem, VoterListError

KEY_KIND = "registrar-key"
VOTERS_HEADER = ("id", "mail", "pk")
LETTERS_HEADER = ("id", "mail", "code", "voter number")


def seal_key(key: SigningKey, passphrase: str, random: bytes, cost: int = sealed.SCRYPT_COST) -> bytes:
    """Seal the registrar's key for its file; ``random`` is 28 fresh bytes."""
    return sealed.seal(KEY_KIND, "", {"version": 1, "seed": codec.encode_bytes(key.seed)}, passphrase, random, cost)


def unseal_key(data: bytes, passphrase: str) -> SigningKey:
    """Open the registrar's key file.

    Raises:
        SealedFileError: Damaged, of another kind, or the passphrase is wrong.
    """
    _, secret = sealed.unseal(data, KEY_KIND, passphrase)
    try:
        _, seed = codec.take(secret, "version", "seed")
        return SigningKey.from_seed(codec.decode_bytes(seed, 32))
    except EncodingError as error:
        raise KeyProblem(f"The key was written by another version of this program. ({error})") from None


def voters_csv(credentials: Iterable[Credential]) -> bytes:
    """Write the list for the server: who has which public key. It holds no code."""
    return _csv(VOTERS_HEADER, ((one.voter.id, one.voter.mail, one.public) for one in credentials))


def letters_csv(credentials: Iterable[Credential]) -> bytes:
    """Write the list for the letters, with the codes: secret, for the print shop only."""
    return _csv(LETTERS_HEADER, ((one.voter.id, one.voter.mail, one.code, one.number) for one in credentials))


def find_voter(lists: Sequence[bytes], identity: str) -> tuple[str, str]:
    """Return (mail, public key) of a voter from lists as :func:`voters_csv` writes them; the last list wins.

    Raises:
        VoterListError: No list names the voter, or one is not of this form.
    """
    found = None
    for number, data in enumerate(lists, start=1):
        try:
            rows = list(csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True))
        except (UnicodeDecodeError, csv.Error):
            rows = []
        if not rows or tuple(rows[0]) != VOTERS_HEADER or any(len(row) != len(VOTERS_HEADER) for row in rows):
            raise VoterListError([f"List {number} is not a voters.csv that this command wrote."])
        found = next(((mail, public) for name, mail, public in rows[1:] if name == identity), found)
    if found is None:
        raise VoterListError([f"No list names a voter with the id {identity!r}."])
    return found


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
            temporary.replace(path)
            placed.append(path)
    except OSError as error:
        for written in placed:
            written.unlink(missing_ok=True)
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        reason = "the disk is full. Nothing half written was left" if full else f"{error.strerror}"
        raise FileProblem(f"Could not write {path}: {reason}.") from None
    finally:
        for temporary, _ in staged:
            temporary.unlink(missing_ok=True)


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")
