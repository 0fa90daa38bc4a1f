"""One thing at a time for each person: a double click is two requests at once, and must be one act."""

from sqlalchemy.orm import Session

from participation.errors import NotPermitted
from participation.people.models import Person


def lock_person(session: Session, person: Person) -> Person:
    """Let whatever else this person does wait until the transaction ends; returns the person as they are now.

    To be called before looking whether something is there already. On SQLite a writing transaction is alone anyway.

    Raises:
        NotPermitted: The person erased their data meanwhile.
    """
    # NO KEY UPDATE: rows that refer to the person, written by whoever, need not wait.
    found = session.get_one(Person, person.id, with_for_update={"key_share": True}, populate_existing=True)
    if found.erased_at is not None:
        raise NotPermitted("You erased your personal data in the meantime. To take part, sign in again.")
    return found
