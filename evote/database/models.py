"""All models in one place, for Alembic and for whoever needs the whole schema."""

from evote.accounts.models import LoginCode, LoginSession, UsedSignIn, Voter
from evote.admin.models import (
    Assignment,
    Deed,
    DeedHead,
    Draft,
    Official,
    OfficialSession,
    Passkey,
    PasskeyChallenge,
)
from evote.board.models import Checkpoint, LogEntry, Node, SequencerBeat
from evote.casting.models import BallotText, Submission
from evote.database.base import Base
from evote.elections.media import Media
from evote.elections.models import Document, Election, StagedFile
from evote.mail.models import Message
from evote.mailings.models import Bounce, Mailing
from evote.trustees.models import Opening, Partial

__all__ = [
    "Assignment",
    "BallotText",
    "Base",
    "Bounce",
    "Checkpoint",
    "Deed",
    "DeedHead",
    "Document",
    "Draft",
    "Election",
    "LogEntry",
    "LoginCode",
    "LoginSession",
    "Mailing",
    "Media",
    "Message",
    "Node",
    "Official",
    "OfficialSession",
    "Opening",
    "Partial",
    "Passkey",
    "PasskeyChallenge",
    "SequencerBeat",
    "StagedFile",
    "Submission",
    "UsedSignIn",
    "Voter",
]
