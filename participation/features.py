"""All features: their blueprints and their jobs. Each adds one line here."""

from collections.abc import Sequence

from flask import Blueprint

from participation.jobs import Job
from participation.petitions import pages as petitions

BLUEPRINTS: Sequence[Blueprint] = (petitions.blueprint,)
JOBS: Sequence[Job] = ()
