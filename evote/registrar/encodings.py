"""In which encoding a list of voters was saved: known from its first bytes, proved, or guessed and said so."""

import codecs
import re
import unicodedata
from dataclasses import dataclass

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_NAMES = {"cp1252": "Windows-1252 (Western Europe)", "cp1256": "Windows-1256 (Persian, Arabic)"}
_HIGH = re.compile(rb"[\x80-\xff]+")
_LETTER = re.compile(rb"[A-Za-z]")
_LOOKED_AT = 1 << 20
_LONGEST_WESTERN = 2
_SURE = 0.95
_MOSTLY = 4
_SHOWN = 3


@dataclass(frozen=True)
class Encoding:
    """How to decode a file.

    Attributes:
        name: As Python names it; empty where nobody can tell.
        note: What was assumed, for people; empty where nothing was.
    """

    name: str
    note: str = ""


def find_encoding(data: bytes) -> Encoding:
    """Tell how a text file was saved.

    UTF-8 and marked UTF-16 are certain. A file that is mostly UTF-8 stays UTF-8: its bad rows show the sign U+FFFD.
    Otherwise words decide between Windows' two: whole words of high bytes are Persian or Arabic, single ones
    among Latin letters are Western European.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return Encoding(name)
    if data[:2].count(0) == 1:
        return Encoding("utf-16-le" if data[1:2] == b"\0" else "utf-16-be")
    if _is_utf8(data):
        return Encoding("utf-8-sig")
    name = _guess(data[:_LOOKED_AT])
    if not name:
        return Encoding("")
    examples = ", ".join(f"“{word}”" for word in _examples(data, name))
    note = f"The file is not UTF-8. It was read as {_NAMES[name]}, where it says for example {examples}. If that is not"
    return Encoding(name, f"{note} what stands there, name the right one with --encoding.")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
        bad = text.count("\ufffd")
        return sum(not character.isascii() for character in text) - bad > _MOSTLY * bad
    return True


def _guess(data: bytes) -> str:
    western = eastern = total = 0
    for found in _HIGH.finditer(data):
        run, around = found[0], data[max(0, found.start() - 1) : found.start()] + data[found.end() : found.end() + 1]
        total += len(run)
        if len(run) <= _LONGEST_WESTERN and _LETTER.search(around):
            western += len(run) * _all_letters(run, "cp1252", "LATIN")
        else:
            eastern += len(run) * _all_letters(run, "cp1256", "ARABIC")
    if western >= _SURE * total:
        return "cp1252"
    return "cp1256" if eastern >= _SURE * total else ""


def _all_letters(run: bytes, encoding: str, script: str) -> bool:
    try:
        text = run.decode(encoding)
    except UnicodeDecodeError:
        return False
    return all(unicodedata.name(one, "").startswith(script) for one in text if one not in "\u200c\u200d«»،؛؟")


def _examples(data: bytes, encoding: str) -> list[str]:
    words = re.findall(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*", data[:_LOOKED_AT])
    return list(dict.fromkeys(word.decode(encoding, "replace") for word in words))[:_SHOWN]
