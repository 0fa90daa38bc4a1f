"""The tables of signatures. Rows of people's acts are only ever added; the counter alone writes the log's tables."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from participation.database import NAME_LENGTH, Base, Moment

ID_LENGTH = 36
REGION_LENGTH = 40
_Number = BigInteger().with_variant(Integer, "sqlite")

ACCEPTED, HELD, REFUSED = "accepted", "held", "refused"
"""How a confirmed signature stands with the moderators: on its way to the log, kept back, or never to be logged."""


class PetitionLog(Base):
    """A petition's log: its documents, where it ends, and the count that follows from it.

    Attributes:
        document, text: The bytes of `petition.json` and `text.json`; the text is none after a takedown.
        sealed_key: The key of nullifiers, encrypted; none once it is erased.
        election_id: Whose voters may sign by the roll; empty if nobody's.
        election_size: How many entries of that election's log were looked through for struck credentials.
        closes_at: The closing time in force.
        stopping: The log shall be closed before its time.
        log_end: Where the newest file of the log ends, in bytes.
        removed: Canonical JSON {reason: how many}.
        checkpoint, count: The signed head, and the bytes of `count.json`, for all entries.
    """

    __tablename__ = "petition_logs"

    petition_id: Mapped[str] = mapped_column(ForeignKey("petitions.id"), primary_key=True)
    document: Mapped[bytes] = mapped_column(LargeBinary)
    text: Mapped[bytes | None] = mapped_column(LargeBinary)
    sealed_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    election_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    election_size: Mapped[int] = mapped_column(default=0)
    closes_at: Mapped[datetime] = mapped_column(Moment)
    stopping: Mapped[bool] = mapped_column(default=False)
    closed: Mapped[bool] = mapped_column(default=False, index=True)
    size: Mapped[int] = mapped_column(default=0)
    log_end: Mapped[int] = mapped_column(BigInteger, default=0)
    last_time: Mapped[datetime] = mapped_column(Moment)
    mail_count: Mapped[int] = mapped_column(default=0)
    oidc_count: Mapped[int] = mapped_column(default=0)
    roll_count: Mapped[int] = mapped_column(default=0)
    removed: Mapped[bytes] = mapped_column(LargeBinary, default=b"{}")
    checkpoint: Mapped[str] = mapped_column(default="")
    count: Mapped[bytes] = mapped_column(LargeBinary, default=b"")


class Entry(Base):
    """One entry of a petition's log.

    Attributes:
        data: The canonical entry: the leaf.
        log_end: Where its line ends within its file of 10,000 lines, in bytes.
        signature_id: The signature that it is of, removes or restores.
    """

    __tablename__ = "petition_entries"

    petition_id: Mapped[str] = mapped_column(ForeignKey("petitions.id"), primary_key=True)
    index: Mapped[int] = mapped_column("entry_index", primary_key=True, autoincrement=False)
    type: Mapped[str] = mapped_column(String(10))
    data: Mapped[bytes] = mapped_column(LargeBinary)
    log_end: Mapped[int] = mapped_column(BigInteger)
    signature_id: Mapped[int | None] = mapped_column(_Number, index=True)


class Node(Base):
    """The hash of a complete subtree: level 0 is the leaves, `position` counts from the left."""

    __tablename__ = "petition_nodes"

    petition_id: Mapped[str] = mapped_column(ForeignKey("petitions.id"), primary_key=True)
    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class Request(Base):
    """A signature asked for: a mail was sent, or a provider is being asked. Most are erased once they are confirmed.

    Attributes:
        link_hash: SHA-256 of the secret in the mailed link.
        data: The request that the board signed, canonical, with its signature.
        sealed: What the commitment hides, the address as typed and the choice to show the name, encrypted.
        place: Keyed hash of the postcode.
        sender: Keyed hash of the network address; erased when it has served its purpose.
        held: It came too fast from one address: kept back for review, silently.
        notice: No link was sent but word that this person had signed already.
    """

    __tablename__ = "petition_requests"
    __table_args__ = (
        Index(None, "petition_id", "mailbox"),
        Index(None, "petition_id", "sender", "requested_at"),
    )

    id: Mapped[int] = mapped_column(_Number, primary_key=True)
    petition_id: Mapped[str] = mapped_column(ForeignKey("petitions.id"))
    link_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    mailbox: Mapped[bytes] = mapped_column(LargeBinary(32))
    person: Mapped[bytes] = mapped_column(LargeBinary(32))
    place: Mapped[bytes] = mapped_column(LargeBinary(32))
    data: Mapped[bytes] = mapped_column(LargeBinary)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    requested_at: Mapped[datetime] = mapped_column(Moment, index=True)
    sender: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    held: Mapped[bool] = mapped_column(default=False)
    notice: Mapped[bool] = mapped_column(default=False)


class Signature(Base):
    """A confirmed signature. It never changes but for the review of one that was held, an end of news, and erasure.

    Attributes:
        link_hash: By which the signer's link finds it; random for a credential, which needs none.
        body: The body of its entry on the log.
        sealed: As in the request; none by the roll, or once erased.
        shown_name: The name, if the signer chose to show it.
        news: The signer wants mail about the petition.
        sender: As in the request; kept only while the signature is held.
    """

    __tablename__ = "petition_signatures"
    __table_args__ = (Index(None, "petition_id", "review", "id"), Index(None, "petition_id", "shown_name", "id"))

    id: Mapped[int] = mapped_column(_Number, primary_key=True)
    petition_id: Mapped[str] = mapped_column(ForeignKey("petitions.id"))
    method: Mapped[str] = mapped_column(String(4))
    link_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    region: Mapped[str] = mapped_column(String(REGION_LENGTH))
    shown_name: Mapped[str | None] = mapped_column(String(NAME_LENGTH))
    news: Mapped[bool] = mapped_column(default=False)
    signed_at: Mapped[datetime] = mapped_column(Moment)
    review: Mapped[str] = mapped_column(String(8), default=ACCEPTED)
    sender: Mapped[bytes | None] = mapped_column(LargeBinary(32))


class Standing(Base):
    """Who signs now: one row a standing signature, whose keys let nobody sign twice."""

    __tablename__ = "petition_standing"
    __table_args__ = (UniqueConstraint("petition_id", "mailbox", "slot"), UniqueConstraint("signature_id"))

    petition_id: Mapped[str] = mapped_column(ForeignKey("petitions.id"), primary_key=True)
    person: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    mailbox: Mapped[bytes] = mapped_column(LargeBinary(32))
    slot: Mapped[int]
    place: Mapped[bytes] = mapped_column(LargeBinary(32))
    signature_id: Mapped[int] = mapped_column(_Number)


class Change(Base):
    """A signature was taken back, removed or restored; the newest says how it stands."""

    __tablename__ = "petition_changes"

    id: Mapped[int] = mapped_column(_Number, primary_key=True)
    signature_id: Mapped[int] = mapped_column(_Number, index=True)
    petition_id: Mapped[str] = mapped_column(ForeignKey("petitions.id"))
    act: Mapped[str] = mapped_column(String(8))
    by: Mapped[str] = mapped_column(String(NAME_LENGTH))
    reason: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(Moment)


class Waiting(Base):
    """What shall stand on a log: added with the act itself, taken out with the entry. The counter alone takes it out.

    Attributes:
        body: Of the entry; a removal's names its signature by `signature_id`, since its index is not known yet.
    """

    __tablename__ = "petition_queue"

    id: Mapped[int] = mapped_column(_Number, primary_key=True)
    petition_id: Mapped[str] = mapped_column(ForeignKey("petitions.id"))
    kind: Mapped[str] = mapped_column(String(10))
    signature_id: Mapped[int | None] = mapped_column(_Number)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(Moment)


class RollChange(Base):
    """A credential that the election has struck or newly given since its roll was signed, as the log has it."""

    __tablename__ = "petition_roll_changes"

    petition_id: Mapped[str] = mapped_column(ForeignKey("petitions.id"), primary_key=True)
    voter: Mapped[str] = mapped_column(String(43), primary_key=True)
    stands: Mapped[bool]


class RegionCount(Base):
    """How many standing signatures a region has on the log."""

    __tablename__ = "petition_region_counts"

    petition_id: Mapped[str] = mapped_column(ForeignKey("petitions.id"), primary_key=True)
    region: Mapped[str] = mapped_column(String(REGION_LENGTH), primary_key=True)
    count: Mapped[int]
