"""JSON in any spelling, but of the protocol's values only: no key twice, no floats, no nulls, not too deep."""

import json
from typing import Any, NoReturn

from ballots import codec
from ballots.errors import EncodingError
from evote.errors import Malformed


def parse_strict(data: bytes) -> codec.Json:
    """Parse JSON of the protocol's values, in any spelling.

    Raises:
        Malformed: It is no such JSON; the text says why.
    """
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_object,
            parse_float=_refuse,
            parse_int=_integer,
            parse_constant=_refuse,
        )
        codec.encode_canonical(value)
    except UnicodeDecodeError:
        raise Malformed("The body is not UTF-8.") from None
    except json.JSONDecodeError as error:
        raise Malformed(
            "The body is not JSON: %(problem)s at character %(position)s.", problem=error.msg, position=error.pos
        ) from None
    except RecursionError:
        raise Malformed("The body's JSON is nested too deep.") from None
    except EncodingError as error:
        raise Malformed.because(error) from None
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Malformed("A key stands twice in one JSON object.")
    return members


def _integer(text: str) -> int:
    if len(text) > 16:
        raise Malformed("An integer in the body is too large.")
    return int(text)


def _refuse(text: str) -> NoReturn:
    raise Malformed("%(text)s in the body is not a whole number.", text=text[:20])
