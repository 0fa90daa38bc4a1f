"""All pages of signatures."""

from participation.signatures import by_roll, desk, pages, public

BLUEPRINTS = (pages.blueprint, by_roll.blueprint, public.blueprint, desk.desk)
