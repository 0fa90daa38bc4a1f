"""Why a trustee's program stops; the text of each error tells a person what to do next."""


class TallyProgramError(Exception):
    """Root of everything this package raises on purpose."""


class CeremonyError(TallyProgramError):
    """The key could not be made, or what was made does not check."""


class ForeignShare(TallyProgramError):
    """A share or signing key belongs to another election or trustee, or was damaged."""


class ElectionRefused(TallyProgramError):
    """The record's manifest, key, roll, log or a ballot fails a check."""


class NotConfirmed(TallyProgramError):
    """The election's fingerprint is not the one that the trustee confirmed."""


class ElectionOpen(TallyProgramError):
    """The election is not closed, so nothing is signed or decrypted."""


class ElectionAnnulled(TallyProgramError):
    """The election was annulled; there is no tally."""


class SecondIntent(TallyProgramError):
    """This key has signed an intent already, and another one is wanted."""


class QuorumMissing(TallyProgramError):
    """Too few distinct signers stand behind this close, so no partial is made."""


class PartialsMissing(TallyProgramError):
    """Fewer than k good partials were given."""


class FileProblem(TallyProgramError):
    """A file cannot be read or written, or exists and would be overwritten."""


class PassphraseProblem(TallyProgramError):
    """A passphrase is missing, too short, or was typed differently the second time."""


class BoardUnreachable(TallyProgramError):
    """The board did not answer, or not in a form that can be used; trying again may help."""


class BoardRefused(TallyProgramError):
    """The board answered that it does not accept what was posted."""


class BoardForked(TallyProgramError):
    """The board contradicts what it signed before. The evidence is kept; nothing goes on."""
