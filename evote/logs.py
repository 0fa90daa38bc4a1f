"""Structured logs without secrets: what could be a code, a token or a key never reaches them."""

import logging
import re
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

REDACTED = "[redacted]"
_SECRET_NAMES = re.compile(
    r"code|token|secret|password|passphrase|cookie|authorization|session|mail|recipient|seed", re.I
)
_SECRET_TEXTS = re.compile(
    r"\b\d{4}[ -]?\d{4}\b"  # one-time codes
    r"|\b(?:[0-9A-Za-z]{5}-){4}[0-9A-Za-z]{2}\b"  # credential codes
    r"|[^\s@\"']+@[^\s@\"']+\.[^\s@\"']+"  # mail addresses
    r"|(?<=/)(?:[\w-]{43}|[\w-]{32})(?![\w-])"  # what mailed links hold: 32 or 24 bytes, or 16 in hexadecimal
)
_DEEPEST = 4


def configure_logs(level: int = logging.INFO) -> None:
    """Write one JSON object a line to standard error, everything redacted: ours, and what libraries log."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            redact,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=_to_standard_error,
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    if not any(isinstance(handler, _Redacting) for handler in root.handlers):
        root.addHandler(_Redacting())


class _Redacting(logging.Handler):
    """Takes what libraries log the standard way (Flask: a traceback) through the same redaction."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        structlog.get_logger().log(max(record.levelno, logging.DEBUG), self.format(record), logger=record.name)


def _to_standard_error(*_: object) -> structlog.PrintLogger:
    return structlog.PrintLogger(sys.stderr)


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace everything that is named like a secret or looks like one."""
    return {name: event[name] if name in ("level", "timestamp") else _clean(name, event[name], 0) for name in event}


def _clean(name: str, value: Any, depth: int) -> Any:
    if _SECRET_NAMES.search(name):
        return REDACTED
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, str):
        return _SECRET_TEXTS.sub(REDACTED, value)
    if isinstance(value, dict) and depth < _DEEPEST:
        return {str(key): _clean(str(key), member, depth + 1) for key, member in value.items()}
    if isinstance(value, list | tuple) and depth < _DEEPEST:
        return [_clean(name, member, depth + 1) for member in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return _SECRET_TEXTS.sub(REDACTED, str(value))
