"""All models of participation in one place, for Alembic. Each feature imports its own here."""

from participation.answers import models as answers
from participation.budgets import models as budgets
from participation.consultations import models as consultations
from participation.contributions import models as contributions
from participation.database import Base
from participation.digests import models as digests
from participation.documents import models as documents
from participation.moderation import models as moderation
from participation.people import models as people
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
from participation.statements import models as statements
from participation.surveys import models as surveys
from participation.webhooks import models as webhooks

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
    "budgets",
    "consultations",
    "contributions",
    "digests",
    "documents",
    "moderation",
    "people",
    "signatures",
    "statements",
    "surveys",
    "webhooks",
]
