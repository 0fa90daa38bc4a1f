"""All pages and jobs of petitions; importing this module connects the pages with their blueprints."""

from collections.abc import Sequence

from flask import Blueprint

from participation.jobs import Job
from participation.petitions import linked, managing, pages, writing
from participation.petitions.blueprint import blueprint
from participation.petitions.desk import desk
from participation.petitions.mailings import send_due
from participation.petitions.timekeeping import keep_time

__all__ = ["BLUEPRINTS", "JOBS", "linked", "managing", "pages", "writing"]

BLUEPRINTS: Sequence[Blueprint] = (blueprint, desk)
JOBS: Sequence[Job] = (Job("petitions.clock", keep_time), Job("petitions.mailings", send_due))
