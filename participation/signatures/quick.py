"""The few queries of a crowd's way, built once: a statement made anew for each request costs more than its answer."""

from typing import cast

from sqlalchemy import BindParameter, Table, bindparam, func, insert, select

from participation.signatures.models import Request, Signature, Standing, Waiting

_REQUESTS, _SIGNATURES = cast(Table, Request.__table__), cast(Table, Signature.__table__)
_STANDING, _WAITING = cast(Table, Standing.__table__), cast(Table, Waiting.__table__)
_PETITION: BindParameter[str] = bindparam("petition")
_MAILBOX: BindParameter[bytes] = bindparam("mailbox")

IN_MAILBOX = select(_STANDING.c.person, _STANDING.c.place, _STANDING.c.slot).where(
    _STANDING.c.petition_id == _PETITION, _STANDING.c.mailbox == _MAILBOX
)
"""Who stands in a mailbox: person, place, slot."""
MAILED = select(_REQUESTS.c.person).where(_REQUESTS.c.petition_id == _PETITION, _REQUESTS.c.mailbox == _MAILBOX)
"""Whom mails were sent for to a mailbox."""
RECENT = select(func.count().filter(_REQUESTS.c.requested_at > bindparam("minute")), func.count()).where(
    _REQUESTS.c.petition_id == _PETITION,
    _REQUESTS.c.sender == bindparam("sender"),
    _REQUESTS.c.requested_at > bindparam("five_minutes"),
)
"""How many came from a network address in a minute, and in five."""
BY_LINK = (
    select(_REQUESTS, _SIGNATURES.c.id.label("signature_id"))
    .outerjoin(_SIGNATURES, _SIGNATURES.c.link_hash == _REQUESTS.c.link_hash)
    .where(_REQUESTS.c.link_hash == bindparam("link"), _REQUESTS.c.petition_id == _PETITION, ~_REQUESTS.c.notice)
)
"""The request of a link, and its signature if it was confirmed."""
ADD_REQUEST = insert(_REQUESTS)
ADD_SIGNATURE = insert(_SIGNATURES).returning(_SIGNATURES.c.id)
ADD_STANDING = insert(_STANDING)
ADD_WAITING = insert(_WAITING)
