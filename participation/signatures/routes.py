"""All pages of signatures."""

from participation.jobs import Job
from participation.signatures import by_account, by_roll, desk, news, pages, public
from participation.signatures.counter import LOCK, count_now

BLUEPRINTS = (pages.blueprint, by_roll.blueprint, by_account.blueprint, news.blueprint, public.blueprint, desk.desk)
JOBS = (Job(LOCK, count_now),)
"""For when no counter's thread runs; while one does, its lock keeps the job out."""
