"""Frozen elections, parsed and checked once a process: their documents never change."""

import threading
from collections import OrderedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from ballots.election import Election as LoadedElection
from ballots.election import load_election
from evote.database import Database
from evote.elections.models import KEY, MANIFEST, ROLL, Document
from evote.errors import Conflict, NotFound

_MOST = 16


class LoadedElections:
    """A small cache of elections with their key, roll and layouts."""

    def __init__(self, database: Database, allow_test_keys: bool) -> None:
        self._database = database
        self._allow_test_keys = allow_test_keys
        self._lock = threading.Lock()
        self._loaded: OrderedDict[str, LoadedElection] = OrderedDict()

    def get(self, election_id: str) -> LoadedElection:
        """Return a frozen election.

        Raises:
            NotFound: There is no such election.
            Conflict: It is not frozen yet.
        """
        with self._lock:
            if election_id not in self._loaded:
                self._loaded[election_id] = self._load(election_id)
                if len(self._loaded) > _MOST:
                    self._loaded.popitem(last=False)
            self._loaded.move_to_end(election_id)
            return self._loaded[election_id]

    def _load(self, election_id: str) -> LoadedElection:
        with self._database.reading() as session:
            manifest = find_document(session, election_id, MANIFEST)
            if manifest is None:
                raise NotFound("There is no such election.")
            key = find_document(session, election_id, KEY)
            roll = find_document(session, election_id, ROLL)
        if key is None or roll is None:
            raise Conflict("The election is not frozen yet: its key and roll are still to come.")
        # The freeze checked the key's certificate before it stored these bytes.
        return load_election(manifest, key, roll, allow_test_keys=self._allow_test_keys, certified=True)


def find_document(session: Session, election_id: str, name: str) -> bytes | None:
    """Return a document's bytes, or nothing if the election does not have it yet."""
    return session.scalar(select(Document.data).where(Document.election_id == election_id, Document.name == name))
