"""Requests whose JSON is strict."""

from typing import Any

from flask import Request

from evote.strict import parse_strict


class StrictRequest(Request):
    """A request that refuses JSON which two readers could understand differently."""

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        """Parse the body, whatever content type it claims (`evote.api.guards` looks at that).

        Raises:
            Malformed: The text says why.
        """
        return parse_strict(self.get_data(cache=cache))
