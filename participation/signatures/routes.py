"""All pages of signatures."""

from participation.signatures import by_account, by_roll, desk, pages, public

BLUEPRINTS = (pages.blueprint, by_roll.blueprint, by_account.blueprint, public.blueprint, desk.desk)
