"""The versions of a document. Comments on passages are contributions with an anchor."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from participation.database import Base, Moment


class DocumentVersion(Base):
    """One version of a part's document; versions are only added.

    Attributes:
        number: From 1.
        text: Headings begin with `#`; an empty line ends a paragraph.
        note: What changed and why, for everybody.
    """

    __tablename__ = "document_versions"
    __table_args__ = (UniqueConstraint("phase_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    phase_id: Mapped[int] = mapped_column(ForeignKey("consultation_phases.id"), index=True)
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(Moment)
