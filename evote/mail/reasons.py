"""Why a mail did not arrive, sorted into a handful of reasons by the codes of RFC 5321 and RFC 3463."""

import re

UNKNOWN, FULL, REJECTED, LATE, OTHER = "unknown", "full", "rejected", "late", "other"
REASONS = (UNKNOWN, FULL, REJECTED, LATE, OTHER)
_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_BY_SUBJECT = {"1": UNKNOWN, "2": OTHER, "4": LATE, "7": REJECTED}
_BY_STATUS = {"1.7": REJECTED, "1.8": REJECTED, "2.0": UNKNOWN, "2.1": UNKNOWN, "2.2": FULL, "2.3": REJECTED}
_BY_REPLY = {550: UNKNOWN, 551: UNKNOWN, 552: FULL, 553: UNKNOWN, 554: REJECTED}


def reason_of_status(status: str) -> str:
    """Sort an enhanced status code, like `5.1.1` (RFC 3463).

    Args:
        status: The code, or a text that holds it.
    """
    found = _ENHANCED.search(status)
    if found is None:
        return OTHER
    if f"{found[2]}.{found[3]}" in _BY_STATUS:
        return _BY_STATUS[f"{found[2]}.{found[3]}"]
    return _BY_SUBJECT.get(found[2], LATE if found[1] == "4" else OTHER)


def reason_of_reply(code: int, text: str) -> str:
    """Sort a server's refusal: by the enhanced code in its text, else by the reply code (RFC 5321, 4.2)."""
    return reason_of_status(text) if _ENHANCED.search(text) else _BY_REPLY.get(code, OTHER)
