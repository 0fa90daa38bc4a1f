"""All features: their blueprints and their jobs. Each adds one line here."""

from collections.abc import Sequence

from flask import Blueprint

from participation.answers.office import office as answers_office
from participation.answers.pages import answers, promises
from participation.answers.watch import WATCH
from participation.jobs import Job
from participation.petitions import routes as petitions
from participation.signatures import routes as signatures

BLUEPRINTS: Sequence[Blueprint] = (
    *petitions.BLUEPRINTS,
    *signatures.BLUEPRINTS,
    answers,
    promises,
    answers_office,
)
JOBS: Sequence[Job] = (*petitions.JOBS, WATCH)
