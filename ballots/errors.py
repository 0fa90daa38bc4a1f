"""The errors of this package; their text is a sentence for people."""

from ballots.sentences import SentenceError


class BallotsError(SentenceError):
    """Root of everything this package raises on purpose."""


class EncodingError(BallotsError):
    """Bytes or text are not in the one form that section 2 allows."""


class ManifestError(BallotsError):
    """A manifest breaks a rule of section 9."""


class ContestError(BallotsError):
    """A choice does not fit its contest, or a contest cannot be compiled (section 4)."""


class KeyRefused(BallotsError):
    """A key document does not belong to the manifest, or names keys twice."""


class CertificateError(KeyRefused):
    """The key's certificate or a trustee's share key does not hold (section 3)."""


class BallotRefused(BallotsError):
    """A ballot has the wrong shape for its election, style or voter (section 6)."""


class ProofError(BallotRefused):
    """A number on a ballot is out of its range, or a proof does not hold (sections 4 and 5)."""


class SignatureRefused(BallotsError):
    """A signature or a public key is not acceptable (section 2)."""


class CredentialError(BallotsError):
    """A credential code is mistyped (section 6)."""


class SealedFileError(BallotsError):
    """A sealed secret file is damaged, of another kind, or the passphrase is wrong."""


class LogError(BallotsError):
    """An entry, a proof or a checkpoint breaks the rules of the log (section 7)."""


class RecordError(BallotsError):
    """The record's folder is incomplete or inconsistent (section 9)."""


class MalformedBallot(BallotRefused, EncodingError):
    """A field of a ballot is not in its one form."""


class ForeignBallot(BallotRefused, RecordError):
    """A ballot was made for another election."""


class TallyError(BallotsError):
    """A partial or a tally does not follow from the record (section 8)."""
