"""Passphrases by hidden prompt or from a file; asked twice when a file is sealed with a new one."""

from collections.abc import Callable
from pathlib import Path

import click

from tally import files
from tally.errors import PassphraseProblem

LEAST_CHARACTERS = 8
_MOST_BYTES = 4096

Prompt = Callable[[str], str]


def _hidden_prompt(question: str) -> str:
    return str(click.prompt(question, hide_input=True, prompt_suffix=": ", default="", show_default=False))


def existing_passphrase(what: str, file: Path | None, prompt: Prompt = _hidden_prompt) -> str:
    """Ask for the passphrase of a sealed file, or read it from ``file``."""
    return from_file(file) if file else prompt(f"Passphrase of {what}")


def new_passphrase(what: str, file: Path | None, prompt: Prompt = _hidden_prompt) -> str:
    """Ask twice for a passphrase to seal a file with, or read it from ``file``.

    Raises:
        PassphraseProblem: Too short, or the two differ.
    """
    if file:
        passphrase = from_file(file)
    else:
        passphrase = prompt(f"New passphrase for {what} (six random words are good)")
        if passphrase != prompt("The same once more"):
            raise PassphraseProblem("The two passphrases differ. Nothing was written; start again.")
    if len(passphrase) < LEAST_CHARACTERS:
        raise PassphraseProblem(
            f"A passphrase needs at least {LEAST_CHARACTERS} characters; six random words are good."
        )
    return passphrase


def from_file(path: Path) -> str:
    """Read a passphrase: the file's only line, without its line end.

    Raises:
        FileProblem: The file cannot be read.
        PassphraseProblem: It is empty, not UTF-8, or has several lines.
    """
    try:
        text = files.read_file(path, _MOST_BYTES).decode("utf-8")
    except UnicodeDecodeError:
        raise PassphraseProblem(f"{path} is not UTF-8 text.") from None
    passphrase = text.removesuffix("\n").removesuffix("\r")
    if not passphrase or "\n" in passphrase or "\r" in passphrase:
        raise PassphraseProblem(f"{path} must hold the passphrase as its one line.")
    return passphrase
