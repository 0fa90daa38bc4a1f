"""Why the registrar's command stops; each text tells a person what to do next."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a cell, a row or a whole file.

    Attributes:
        row: As a spreadsheet counts, the header included; 0 for the whole file.
        column: As the header names it; empty where it is about none.
        wrong: A sentence.
        advice: What to do.
    """

    row: int
    column: str
    wrong: str
    advice: str = ""

    def __str__(self) -> str:
        """Return it as one line."""
        place = ", ".join(filter(None, (f"Row {self.row}" if self.row else "", self.column)))
        return f"{place}: {self.wrong} {self.advice}".strip() if place else f"{self.wrong} {self.advice}".strip()


class RegistrarError(Exception):
    """Root of everything this package raises on purpose."""


class VoterListError(RegistrarError):
    """The list of voters has problems; nothing was written.

    Attributes:
        problems: Each with its row.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        count = "1 problem" if len(problems) == 1 else f"{len(problems):,} problems"
        super().__init__(f"The list of voters has {count}. Nothing was written.")
        self.problems = list(problems)


class KeyProblem(RegistrarError):
    """The registrar's key or a passphrase does not fit."""


class FileProblem(RegistrarError):
    """A file cannot be read or written, or exists and would be overwritten."""


class LetterProblem(RegistrarError):
    """A letter cannot be made as it should be."""


class MailProblem(RegistrarError):
    """The mails cannot be sent, or not all of them."""
