"""Texts that people send: one normal form of them, bounds, keys for searching, canonical mail addresses. Pure."""

import re
import unicodedata
from collections.abc import Mapping

ZWNJ = "\u200c"
_JOINERS = (ZWNJ, "\u200d")
"""What Persian and emoji need among the invisible signs."""
_LETTERS = str.maketrans("يىكةۀأإٱؤئ", "ییکههاااوی")
"""Letters that Arabic keyboards write for Persian ones, and those that only carry a hamza."""
_PERSIAN = str.maketrans("يىك", "ییک")
"""Only what looks the same in Persian: what people read is changed no further."""
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_BLANK_LINES = re.compile(r"\n{3,}")
_MOST_MARKS = 4
"""Marks on one letter; more are a trick that paints over the lines around."""
_MAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]+@[^\s@<>()\[\],;:\\\"]+\.[^\s@<>()\[\],;:\\\".]{2,}")

_HOST_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_IDEOGRAPHIC_STOP = "\u3002"
"""What Chinese and Japanese keyboards write for the dot between the names of a domain (RFC 3490, section 3.1)."""

MAIL_LENGTH = 254
"""Most characters of a mail address (RFC 5321, section 4.5.3.1.3)."""
_PLUS = frozenset({"gmail.com", "outlook.com", "fastmail.com", "proton.me", "icloud.com", "yahoo.com"})
_DOTS = frozenset({"gmail.com"})
ALIASES: Mapping[str, str] = {
    "googlemail.com": "gmail.com",
    "hotmail.com": "outlook.com",
    "live.com": "outlook.com",
    "protonmail.com": "proton.me",
    "pm.me": "proton.me",
    "me.com": "icloud.com",
    "mac.com": "icloud.com",
    "ymail.com": "yahoo.com",
}
"""Domains that are the same mailbox, or the same service with the same rules: data, not code."""


def one_line(typed: str | None) -> str:
    """Return a name or title in the normal form: no control, no bidi tricks, one space between words."""
    return " ".join(_clean(typed or "", keep="").split())


def paragraphs(typed: str | None) -> str:
    """Return a longer text in the normal form: as `one_line`, with its line ends, at most one empty line each."""
    lines = (typed or "").replace("\r\n", "\n").replace("\r", "\n")
    cleaned = "\n".join(" ".join(line.split()) for line in _clean(lines, keep="\n").split("\n"))
    return _BLANK_LINES.sub("\n\n", cleaned).strip()


def _clean(text: str, keep: str) -> str:
    """Normalise to NFC and drop controls, bidi marks, unassigned and private signs; spaces become plain."""
    kept: list[str] = []
    marks = 0
    for one in unicodedata.normalize("NFC", text):
        category = unicodedata.category(one)
        marks = marks + 1 if category.startswith("M") else 0
        if marks > _MOST_MARKS or (one in _JOINERS and kept and kept[-1] in _JOINERS):
            continue
        if category.startswith("Z") or one in "\t":
            kept.append(" ")
        elif one in keep or one in _JOINERS or not category.startswith("C"):
            kept.append(one)
        elif one in "\n\v\f":
            kept.append(" ")
    return unicodedata.normalize("NFC", "".join(kept).translate(_PERSIAN))


def is_blank(text: str) -> bool:
    """Tell whether a text shows nothing: no letter, digit or sign at all."""
    return not any(unicodedata.category(one)[0] in "LNSP" for one in text)


def search_key(text: str) -> str:
    """Return what texts are compared by: variants of letters, marks, half-spaces, case and signs differ by nothing.

    Half-spaces are taken out, so that «کتابخانه‌ها» and «کتابخانهها» are one; `split_key` makes two words of it.
    """
    return " ".join(_WORD.findall(_folded(text, "")))


def split_key(text: str) -> str:
    """Return the same with a space for each half-space, so that «کتابخانه‌ها» and «کتابخانه ها» are one."""
    return " ".join(_WORD.findall(_folded(text, " ")))


def _folded(text: str, half_space: str) -> str:
    plain = unicodedata.normalize("NFKC", text).replace(ZWNJ, half_space).translate(_LETTERS)
    letters = (
        str(unicodedata.digit(one)) if one.isdigit() else one
        for one in unicodedata.normalize("NFKD", plain).casefold()
        if one in " \n" or (not unicodedata.combining(one) and unicodedata.category(one) not in ("Cf", "Cc"))
    )
    return "".join(letters).translate(_LETTERS)


def parse_mail(typed: str | None) -> str | None:
    """Return a mail address as it was typed, its domain in NFKC and lower case; nothing if it cannot be one."""
    text = "".join(one for one in (typed or "") if not unicodedata.category(one).startswith("C")).strip()
    local, sign, domain = text.rpartition("@")
    domain = unicodedata.normalize("NFKC", domain).lower().replace(_IDEOGRAPHIC_STOP, ".")
    text = f"{local}{sign}{domain}"
    if len(text) > MAIL_LENGTH or not _MAIL.fullmatch(text) or ".." in text:
        return None
    if local.startswith(".") or local.endswith("."):
        return None
    try:
        names = domain.encode("idna").decode("ascii").split(".")
    except UnicodeError:
        return None
    return text if all(_HOST_NAME.fullmatch(name) for name in names) else None


def canonical_mail(mail: str) -> str:
    """Return the mailbox behind an address: without case, and by its domain without dots, +tags and aliases."""
    local, _, domain = unicodedata.normalize("NFKC", mail).casefold().rpartition("@")
    domain = domain.encode("idna").decode("ascii")
    domain = ALIASES.get(domain, domain)
    if domain in _PLUS:
        local = local.split("+", 1)[0] or local
    if domain in _DOTS:
        local = local.replace(".", "") or local
    return f"{local}@{domain}"
