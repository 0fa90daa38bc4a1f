"""The few queries of a crowd's way, built once: a statement made anew for each request costs more than its answer."""

from typing import cast

from sqlalchemy import BindParameter, Table, bindparam, case, insert, literal_column, select, union_all

from participation.signatures.models import Request, Signature, Standing, Waiting

_REQUESTS, _SIGNATURES = cast(Table, Request.__table__), cast(Table, Signature.__table__)
_STANDING, _WAITING = cast(Table, Standing.__table__), cast(Table, Waiting.__table__)
_PETITION: BindParameter[str] = bindparam("petition")
_MAILBOX: BindParameter[bytes] = bindparam("mailbox")

_STOOD = (_STANDING.c.person, _STANDING.c.place, _STANDING.c.slot)
_IN_IT = (_STANDING.c.petition_id == _PETITION, _STANDING.c.mailbox == _MAILBOX)

IN_MAILBOX = select(*_STOOD).where(*_IN_IT)
"""Who stands in a mailbox: person, place, slot."""
STANDS, MAILED, RECENT = 0, 1, 2
BEFORE_ASKING = union_all(
    select(literal_column("0"), *_STOOD).where(*_IN_IT),
    select(literal_column("1"), _REQUESTS.c.person, _REQUESTS.c.place, literal_column("0")).where(
        _REQUESTS.c.petition_id == _PETITION, _REQUESTS.c.mailbox == _MAILBOX
    ),
    select(
        literal_column("2"),
        _REQUESTS.c.person,
        _REQUESTS.c.place,
        case((_REQUESTS.c.requested_at > bindparam("minute"), 1), else_=0),
    ).where(
        _REQUESTS.c.petition_id == _PETITION,
        _REQUESTS.c.sender == bindparam("sender"),
        _REQUESTS.c.requested_at > bindparam("five_minutes"),
    ),
)
"""All that there is to know before a mail is sent, in one question: rows of (what, person, place, number).

`STANDS`: who stands in the mailbox, with the slot. `MAILED`: for whom mails were sent to it. `RECENT`: who came from
the network address in five minutes, with 1 if it was in the last one.
"""
BY_LINK = (
    select(
        _REQUESTS,
        _SIGNATURES.c.id.label("signature_id"),
        *(column.label(f"standing_{column.name}") for column in _STOOD),
    )
    .outerjoin(_SIGNATURES, _SIGNATURES.c.link_hash == _REQUESTS.c.link_hash)
    .outerjoin(
        _STANDING,
        (_STANDING.c.petition_id == _REQUESTS.c.petition_id) & (_STANDING.c.mailbox == _REQUESTS.c.mailbox),
    )
    .where(_REQUESTS.c.link_hash == bindparam("link"), _REQUESTS.c.petition_id == _PETITION, ~_REQUESTS.c.notice)
)
"""The request of a link, its signature if it was confirmed, and who stands in its mailbox: a row for each of those."""
ADD_REQUEST = insert(_REQUESTS)
ADD_SIGNATURE = insert(_SIGNATURES).returning(_SIGNATURES.c.id)
ADD_STANDING = insert(_STANDING)
ADD_WAITING = insert(_WAITING)
