"""What stands on each letter, and the batches in which letters are printed: resumable, each its own small process."""

import hashlib
import json
import multiprocessing
import unicodedata
from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote

import segno

from evote.registrar.errors import LetterProblem
from evote.registrar.files import SECRET, read, write_new
from evote.registrar.journal import Journal
from evote.registrar.lists import Letter
from evote.registrar.words import END, LTR, Facts, Speech, Words, choose_speech, words_for

AUTO, BOTH = "auto", "both"
_MOST_ABOUT = {1: 420, 2: 220}


@dataclass(frozen=True)
class Look:
    """How letters look.

    Attributes:
        language: A code, `auto` (each voter's own), or `both` (two on one page).
        sender: The line above the address, or empty.
        template: Instead of ours, or nothing.
    """

    language: str = AUTO
    sender: str = ""
    template: Path | None = None


@dataclass(frozen=True)
class Page:
    """A letter as the template gets it.

    Attributes:
        anchor: Its id on the page, `letter-1`.
        words: Its texts, one or two.
        window: Lines of the address, each set apart.
        values: {which of `words`: lines}.
        link: What the QR code says; never the secret code.
        qr: The QR code as an address of its own (data:).
        most_about: Characters of the description that there is room for.
        size, window_size: Empty, or how much smaller than usual the text and the address are set.
    """

    anchor: str
    letter: Letter
    words: Sequence[Words]
    window: Sequence[str]
    window_direction: str
    sender: str
    values: Mapping[str, Sequence[str]]
    link: str
    qr: str
    most_about: int
    size: str = ""
    window_size: str = ""


@dataclass(frozen=True)
class Batch:
    """Letters of one file.

    Attributes:
        first: Number of its first letter, from 1.
    """

    path: Path
    first: int
    letters: Sequence[Letter]


def login_link(facts: Facts, speech: Speech, voter_id: str) -> str:
    """Return the address that fills in the voter id. What stands behind # never leaves the browser."""
    return f"{facts.page(speech)}#id={quote(voter_id, safe='')}"


def speeches_for(letter: Letter, facts: Facts, language: str) -> Sequence[Speech]:
    """Return the languages of a letter, the first one first."""
    first = choose_speech(letter.language if language in (AUTO, BOTH) else language, facts.title)
    if language != BOTH:
        return (first,)
    other = "en" if first.code != "en" else next((code for code in (*facts.title, "fa") if code != "en"), "fa")
    return (first, Speech(choose_speech(other, facts.title).code))


def make_page(number: int, letter: Letter, facts: Facts, look: Look) -> Page:
    """Write a letter."""
    speeches = speeches_for(letter, facts, look.language)
    words = [words_for(speech, facts, letter.name, letter.mail) for speech in speeches]
    link = login_link(facts, speeches[0], letter.id)
    window = [letter.name or f"{words[0].voter_id} {letter.id}", *letter.address]
    return Page(
        anchor=f"letter-{number}",
        letter=letter,
        words=words,
        window=[words[0].speech.apart(line) for line in window],
        window_direction=_direction([*letter.address, letter.name]),
        sender=words[0].speech.apart(look.sender),
        values={
            "voter_id": (words[0].speech.apart(letter.id),),
            "code": (f"{LTR}{letter.code}{END}",),
            "number": (f"{LTR}{letter.number}{END}",),
            "fingerprint": (f"{LTR}{facts.fingerprint}{END}", f"{LTR}{facts.short_fingerprint}{END}"),
        },
        link=link,
        qr=segno.make(link, error="m", micro=False).png_data_uri(border=2, scale=8),
        most_about=_MOST_ABOUT[len(words)],
    )


def _direction(lines: Sequence[str]) -> str:
    """Return the direction of the first letter that has one."""
    kinds = (unicodedata.bidirectional(character) for line in lines for character in line)
    return next(("rtl" if kind in ("R", "AL") else "ltr" for kind in kinds if kind in ("L", "R", "AL")), "ltr")


def plan_batches(letters: Sequence[Letter], out: Path, size: int) -> list[Batch]:
    """Divide letters into files: `letters.pdf`, or `letters-001.pdf` and so on where there are several."""
    count = -(-len(letters) // size)
    digits = max(3, len(str(count)))
    return [
        Batch(
            out if count == 1 else out.with_name(f"{out.stem}-{place + 1:0{digits}}{out.suffix}"),
            place * size + 1,
            letters[place * size : (place + 1) * size],
        )
        for place in range(count)
    ]


def print_batches(
    batches: Sequence[Batch], facts: Facts, look: Look, journal: Journal, jobs: int
) -> Generator[Batch, None, None]:
    """Print what is not printed yet, each batch in a process of its own, so that memory stays as it is.

    Args:
        batches: All of them.
        facts: About the election.
        look: How letters look.
        journal: Says which files are whole; grows by what is printed.
        jobs: Processes at a time.

    Yields:
        Each batch once its file is there, at once for those from before.

    Raises:
        LetterProblem: A file is in the way, or a letter does not fit.
    """
    known = {line["file"]: line for line in journal.lines}
    hashes = {batch.path: _hash_of(batch, facts, look) for batch in batches}
    left = []
    for batch in batches:
        if batch.path.exists():
            _check_whole(batch.path, known.get(batch.path.name), hashes[batch.path])
            yield batch
        else:
            left.append(batch)
    for start in range(0, len(left), jobs):
        together = left[start : start + jobs]
        for batch, data in zip(together, _print_apart(together, facts, look), strict=True):
            line = {"file": batch.path.name, "of": hashes[batch.path], "sha256": hashlib.sha256(data).hexdigest()}
            journal.append(line)
            write_new(batch.path.parent, {batch.path.name: (data, SECRET)})
            yield batch


def _print_apart(batches: Sequence[Batch], facts: Facts, look: Look) -> list[bytes]:
    """Print some files at a time, each in a fresh process."""
    with ProcessPoolExecutor(len(batches), mp_context=multiprocessing.get_context("spawn")) as pool:
        try:
            return list(pool.map(print_batch, batches, [facts] * len(batches), [look] * len(batches)))
        except BrokenProcessPool:
            raise LetterProblem(
                "A process that printed letters was stopped: is there enough memory? Try --batch 50."
            ) from None


def print_batch(batch: Batch, facts: Facts, look: Look) -> bytes:
    """Print one file."""
    from evote.registrar.pdf import print_letters

    pages = [make_page(number, letter, facts, look) for number, letter in enumerate(batch.letters, batch.first)]
    return print_letters(pages, look)


def _hash_of(batch: Batch, facts: Facts, look: Look) -> str:
    """Return a hash of everything that decides what a file says; the codes in it cannot be guessed back."""
    template = read(look.template).decode("utf-8", "replace") if look.template else ""
    parts = [asdict(letter) for letter in batch.letters], asdict(facts), look.language, look.sender, template
    return hashlib.sha256(json.dumps(parts, default=str, sort_keys=True).encode()).hexdigest()


def _check_whole(path: Path, line: Mapping[str, str] | None, wanted: str) -> None:
    if line is None:
        raise LetterProblem(f"{path} exists already, and its journal does not know it. Move it away, or choose --out.")
    if line["of"] != wanted:
        raise LetterProblem(f"{path} was made from another list or with other options. Move it away, or choose --out.")
    if hashlib.sha256(read(path)).hexdigest() != line["sha256"]:
        raise LetterProblem(f"{path} was changed or damaged since it was made. Delete it; it is made anew.")
