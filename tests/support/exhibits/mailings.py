"""Mails to the voters of an election, as officials write and follow them."""

import re

from tests.support.exhibition import Exhibition, Pages, seen, wrong
from tests.support.mailings import make_mailing

_MAILS = "/admin/elections/{open}/mailings"
ME = "official"

PAGES: Pages = {
    "admin.mailings": seen(_MAILS, "/admin/elections/{fixed}/mailings", by=ME),
    "admin.new_mailing": seen(_MAILS + "/new", by=ME),
    "admin.write_mailing": seen(_MAILS + "/{mail}/write", by=ME),
    "admin.mailing": seen(_MAILS + "/{running}", by=ME),
    "admin.confirm_mailing": seen(_MAILS + "/{mail}/confirm", by=ME),
    "admin.unreached": seen(_MAILS + "/unreached", by=ME),
}
WRONG = (wrong(_MAILS + "/new", kind="nothing", by=ME),)
NOT_PAGES: dict[str, str] = {}


def hang(made: Exhibition) -> None:
    """Begin a mail, and let another one be under way."""
    assert made.official is not None
    begun = made.official.post(_MAILS.format_map(made.names) + "/new", kind="opened").location
    found = re.search(r"/mailings/(\d+)", begun)
    assert found is not None
    made.names |= {"mail": found[1], "running": str(make_mailing(made.services, made.names["open"]))}
