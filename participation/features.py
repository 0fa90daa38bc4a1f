"""All features: their blueprints and their jobs. Each adds one line here."""

from collections.abc import Sequence

from flask import Blueprint

from participation.answers.office import office as answers_office
from participation.answers.pages import answers, promises
from participation.answers.watch import WATCH
from participation.budgets.outcomes import DECIDE
from participation.budgets.pages import budgets
from participation.consultations.acts import REPORTS
from participation.consultations.office import office as consultations_office
from participation.consultations.pages import consultations
from participation.contributions import commenting as _commenting
from participation.contributions import pages as _contributions
from participation.contributions.blueprint import contributions
from participation.digests.pages import digests
from participation.digests.sending import SEND
from participation.discussions.pages import discussions
from participation.documents.pages import documents
from participation.jobs import Job
from participation.moderation.office import office as moderation_office
from participation.moderation.pages import moderation
from participation.opendata.pages import opendata
from participation.people.pages import people
from participation.petitions import routes as petitions
from participation.polls.pages import polls
from participation.proposals.pages import proposals
from participation.sharing.pages import sharing
from participation.signatures import routes as signatures
from participation.statements.maps import DRAW
from participation.statements.pages import statements
from participation.surveys.pages import surveys
from participation.webhooks.delivering import DELIVER
from participation.webhooks.pages import webhooks

BLUEPRINTS: Sequence[Blueprint] = (
    *petitions.BLUEPRINTS,
    *signatures.BLUEPRINTS,
    answers,
    promises,
    answers_office,
    people,
    consultations,
    consultations_office,
    contributions,
    statements,
    budgets,
    discussions,
    proposals,
    documents,
    surveys,
    polls,
    opendata,
    moderation,
    moderation_office,
    digests,
    webhooks,
    sharing,
)
JOBS: Sequence[Job] = (
    *petitions.JOBS,
    *signatures.JOBS,
    WATCH,
    REPORTS,
    DRAW,
    DECIDE,
    SEND,
    DELIVER,
)

ROUTES = (_contributions, _commenting)
"""Modules whose import gives a blueprint its routes."""
