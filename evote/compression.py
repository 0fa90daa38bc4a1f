"""Answers that stay as they are for long, compressed once: a key of 3,072 bits weighs a quarter less."""

import gzip
from collections.abc import Callable
from functools import lru_cache

import brotli
from flask import Response, request

_LEAST_BYTES = 500
MOST_BYTES = 4_000_000
"""Longer answers are streamed as they are."""
_KEPT = 64

_METHODS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda data: bytes(brotli.compress(data, quality=9)),
    "gzip": lambda data: gzip.compress(data, 9, mtime=0),
}


def compressed(response: Response, tag: str) -> Response:
    """Give an answer its tag, and compress it as the asker can read it.

    Args:
        response: A whole answer in memory, for one request, with status 200.
        tag: Names the content: the same tag, the same bytes.
    """
    response.vary.add("Accept-Encoding")
    data = response.get_data()
    encoding = next((name for name in _METHODS if request.accept_encodings[name] > 0), "")
    if not encoding or not _LEAST_BYTES <= len(data) <= MOST_BYTES:
        response.set_etag(tag)
    else:
        response.set_etag(f"{tag}-{encoding}")
        response.set_data(_packed(encoding, data))
        response.headers["Content-Encoding"] = encoding
    response.make_conditional(request)
    return response


@lru_cache(maxsize=_KEPT)
def _packed(encoding: str, data: bytes) -> bytes:
    return _METHODS[encoding](data)
