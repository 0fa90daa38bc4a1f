"""All models of participation in one place, for Alembic. Each feature imports its own here."""

from participation.answers import models as answers
from participation.database import Base
from participation.petitions.models import (
    Petition,
    PetitionAnswer,
    PetitionDebate,
    PetitionLink,
    PetitionMailing,
    PetitionOutage,
    PetitionStep,
    PetitionSupporter,
    PetitionUpdate,
)
from participation.signatures import models as signatures

__all__ = [
    "Base",
    "Petition",
    "PetitionAnswer",
    "PetitionDebate",
    "PetitionLink",
    "PetitionMailing",
    "PetitionOutage",
    "PetitionStep",
    "PetitionSupporter",
    "PetitionUpdate",
    "answers",
    "signatures",
]
