"""Why the registrar's command stops; each text tells a person what to do next."""


class RegistrarError(Exception):
    """Root of everything this package raises on purpose."""


class VoterListError(RegistrarError):
    """The list of voters has problems; nothing was written.

    Attributes:
        problems: One sentence a problem, with its row.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__(f"The list of voters has {len(problems)} problem(s). Nothing was written.")
        self.problems = problems


class KeyProblem(RegistrarError):
    """The registrar's key or a passphrase does not fit."""


class FileProblem(RegistrarError):
    """A file cannot be read or written, or exists and would be overwritten."""
