"""How voters will see a draft: the same words as on the page of the election, as far as it is written."""

import msgspec

from ballots.definition import Contest, check_contest
from ballots.errors import ManifestError
from evote.admin.presets import Definition
from evote.elections.ordering import Order
from evote.pages.contest_view import Address, ContestView, view_contest


def preview_contest(contest: Definition, order: Order | None, address: Address) -> ContestView:
    """Write out a contest of a draft in the page's language; without its numbers while they do not fit together."""
    read: Contest = msgspec.convert(contest, Contest)
    try:
        check_contest(read)
    except ManifestError:
        return view_contest(read, None, order, address, {}, decided=False)
    return view_contest(read, None, order, address, {})
