"""Finding petitions: by words, and by likeness to a title that somebody types. Persian and English alike.

Words are indexed in one normal form (`participation.text`), joined and split at half-spaces, by what each database has
without extensions: FTS5 on SQLite, a `tsvector` of the `simple` configuration under a GIN index on PostgreSQL. Likeness
is measured by rapidfuzz over the candidates that share words, which keeps it fast for any number of petitions.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rapidfuzz import fuzz, process
from sqlalchemy import TextClause, select, text
from sqlalchemy.orm import Session

from participation.petitions.life import Life, State
from participation.petitions.models import Petition
from participation.text import search_key, split_key

MOST_WORDS = 12
_CANDIDATES = 300
_LIKE_ENOUGH = 62.0
_SUFFIXES = frozenset(("ها", "های", "هایی", "تر", "ترین", "می", "نمی", "ای", "اند"))
"""Parts of Persian words that some write apart."""
_COMMON = frozenset(
    (
        *("the", "a", "an", "of", "to", "in", "for", "and", "on", "all", "be", "is", "we", "our", "should", "shall"),
        *("must", "stop", "make", "from", "with", "that", "this", "not", "by"),
        *("را", "از", "به", "در", "و", "که", "این", "آن", "با", "برای", "باید", "شود", "کنید", "کنند", "است", "یک"),
        *("هر", "همه", "ما", "بر", "تا"),
    )
)
"""Words by which everything is like everything."""


@dataclass(frozen=True)
class Similar:
    """A petition like a title; `likeness` up to 100."""

    id: str
    title: str
    state: State
    likeness: float


def indexed_words(*texts: str) -> str:
    """Return the words of some texts as they are indexed: joined and split at half-spaces, each once."""
    found: dict[str, None] = {}
    for one in texts:
        found |= dict.fromkeys(search_key(one).split())
        found |= dict.fromkeys(split_key(one).split())
    return " ".join(found)


def index_petition(session: Session, row: Petition) -> None:
    """Index a petition's text anew."""
    row.words = indexed_words(row.title, row.background, row.details, row.creator_name)
    row.compared = split_key(row.title)
    if _is_sqlite(session):
        session.flush()
        forget_petition(session, row.id)
        columns = {"row": _number(row.id), "id": row.id, "title": indexed_words(row.title), "words": row.words}
        names = "INSERT INTO petition_words (rowid, petition_id, title, words) VALUES (:row, :id, :title, :words)"
        session.execute(text(names), columns)


def forget_petition(session: Session, petition_id: str) -> None:
    """Take a petition out of the index."""
    if _is_sqlite(session):
        session.execute(text("DELETE FROM petition_words WHERE rowid = :row"), {"row": _number(petition_id)})


def _number(petition_id: str) -> int:
    """Return the number of a petition's row in SQLite's index: 63 bits of a hash of its id."""
    return int.from_bytes(hashlib.sha256(petition_id.encode()).digest()[:8], "big") >> 1


def matching(session: Session, typed: str) -> TextClause | None:
    """Return the condition that a petition has all words typed, the last perhaps begun; nothing without a word."""
    words = _query_words(typed)
    if not words:
        return None
    if _is_sqlite(session):
        wanted = " AND ".join(f"({' OR '.join(_fts(one) for one in variants)})" for variants in words)
        condition = "petitions.id IN (SELECT petition_id FROM petition_words WHERE petition_words MATCH :words)"
    else:
        wanted = " & ".join(f"({' | '.join(_ts(one) for one in variants)})" for variants in words)
        condition = "to_tsvector('simple', petitions.words) @@ to_tsquery('simple', :words)"
    return text(condition).bindparams(words=wanted)


def find_similar(
    session: Session, title: str, most: int, besides: str = "", *, unchecked: bool = False
) -> Sequence[Similar]:
    """Return petitions whose titles are like one, most like first.

    Args:
        session: A reading one.
        title: As typed.
        most: How many at most.
        besides: The id of one to leave out.
        unchecked: Those too that nobody may read yet, for moderators: the same text sent many times shows.
    """
    words = [word for word in indexed_words(title).split() if word not in _COMMON and len(word) > 1][: MOST_WORDS * 2]
    if not words or most < 1:
        return []
    query = select(Petition.id, Petition.title, Petition.state, Petition.compared, Petition.reason, Petition.opened_at)
    query = query.where(Petition.id.in_(_candidates(session, words)), Petition.id != besides, Petition.title != "")
    rows = [row for row in session.execute(query) if _is_shown(row.state, row.reason, row.opened_at, unchecked)]
    titles = [row.compared for row in rows]
    best = process.extract(split_key(title), titles, scorer=_likeness, limit=most, score_cutoff=_LIKE_ENOUGH)
    return [Similar(rows[at].id, rows[at].title, State(rows[at].state), score) for _, score, at in best]


def _is_shown(state: str, reason: str, opened_at: datetime | None, unchecked: bool) -> bool:
    waits = state in (State.COLLECTING, State.MODERATION)
    return (unchecked and waits) or Life(State(state), opened_at=opened_at, reason=reason).shows_text


def _likeness(one: str, other: str, *, score_cutoff: float | None = None) -> float:
    """Compare two keys: by their words in any order, and by their letters without any space."""
    apart = fuzz.token_set_ratio(one, other) * 0.5 + fuzz.token_sort_ratio(one, other) * 0.5
    joined = fuzz.ratio(one.replace(" ", ""), other.replace(" ", ""))
    return max(apart, joined)


def _candidates(session: Session, words: Sequence[str]) -> Sequence[str]:
    """Return petitions whose titles share words with a title, those first that share rare ones."""
    if _is_sqlite(session):
        some = "title : (" + " OR ".join(f'"{word}"' for word in words) + ")"
        query = text(
            "SELECT petition_id FROM petition_words WHERE petition_words MATCH :words ORDER BY rank LIMIT :most"
        )
    else:
        some = " | ".join(f"'{word}'" for word in words)
        query = text(
            "SELECT id FROM petitions, to_tsquery('simple', :words) AS wanted "
            "WHERE to_tsvector('simple', compared) @@ wanted "
            "ORDER BY ts_rank(to_tsvector('simple', compared), wanted) DESC LIMIT :most"
        )
    return session.scalars(query, {"words": some, "most": _CANDIDATES}).all()


def _query_words(typed: str) -> list[list[str]]:
    """Return for each word typed its variants: joined at half-spaces, or each part of it."""
    words: list[list[str]] = []
    for one in typed.split()[:MOST_WORDS]:
        joined, parts = search_key(one).split(), split_key(one).split()
        if len(joined) == 1 and len(parts) > 1:
            stem = next((part for part in parts if part not in _SUFFIXES), parts[0])
            words.append([joined[0], stem])
        else:
            words += [[part] for part in joined if part not in _SUFFIXES or len(typed.split()) == 1]
    return words


def _fts(word: str) -> str:
    return f'"{word}"*'


def _ts(word: str) -> str:
    return f"'{word}':*"


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
