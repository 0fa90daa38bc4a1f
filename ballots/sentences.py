"""Errors that can be said in any language: a sentence, and apart from it what fills the sentence.

Nothing here translates. A program that speaks to people looks the sentence up in its catalogues first and fills it
then; everybody else gets the English by `str`.
"""

from collections.abc import Mapping
from typing import Any, Self


class SentenceError(Exception):
    """An error whose text is a sentence for people.

    Attributes:
        sentence: In English, with a `%(name)s` for each value.
        values: What stands in it: texts, whole numbers, another `SentenceError`, or a list of these.
    """

    def __init__(self, sentence: str = "", /, **values: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.values: Mapping[str, object] = values

    def __str__(self) -> str:
        """Return the sentence in English."""
        return (
            self.sentence % {name: _plain(value) for name, value in self.values.items()}
            if self.values
            else self.sentence
        )

    @classmethod
    def because(cls, error: "SentenceError") -> Self:
        """Return an error of this kind that says what another one says."""
        return cls(error.sentence, **error.values)

    def as_document(self) -> dict[str, Any]:
        """Return sentence and values as JSON keeps them."""
        return {"sentence": self.sentence, "values": {name: _kept(value) for name, value in self.values.items()}}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Return the error that `as_document` kept."""
        return cls(document["sentence"], **{name: _restored(value) for name, value in document["values"].items()})


def _plain(value: object) -> object:
    return ", ".join(str(one) for one in value) if isinstance(value, list | tuple) else value


def _kept(value: object) -> object:
    if isinstance(value, SentenceError):
        return value.as_document()
    if isinstance(value, list | tuple):
        return [_kept(one) for one in value]
    return value if isinstance(value, int | str) else str(value)


def _restored(value: object) -> object:
    if isinstance(value, dict):
        return SentenceError.from_document(value)
    return [_restored(one) for one in value] if isinstance(value, list) else value
