"""``letters``: letters.csv as PDF, ready for windowed envelopes."""

from pathlib import Path

import click
from rich.progress import Progress

from evote.locales.voter_ids import tidy_voter_id
from evote.registrar.asking import FILE, console, read_manifest, say
from evote.registrar.delivery import refusals_in
from evote.registrar.errors import LetterProblem
from evote.registrar.facts import facts_options, make_facts
from evote.registrar.files import read
from evote.registrar.journal import Journal
from evote.registrar.letters import Look, plan_batches, print_batches
from evote.registrar.lists import Letter, read_letters

_BATCH = 200


@click.command()
@click.argument("letters_csv", type=FILE)
@facts_options
@click.option("--out", type=FILE, required=True, help="letters.pdf; of many, letters-001.pdf and so on beside it.")
@click.option("--sender", default="", help="The small line above the address, for letters that come back.")
@click.option("--template", type=FILE, help="A template of your own (docs/registrar.md).")
@click.option("--only", multiple=True, help="Only this voter id; several times for several.")
@click.option("--refused", type=FILE, help="Only those whose mail was refused, by the journal of `send`.")
@click.option("--batch", type=click.IntRange(1, 2000), default=_BATCH, show_default=True, help="Letters in a file.")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Files made at a time.")
def letters(
    letters_csv: Path,
    manifest_path: Path,
    allow_test_keys: bool,
    election: str,
    roll: Path | None,
    key_document: Path | None,
    site: str,
    zone: str,
    language: str,
    contact: str,
    out: Path,
    sender: str,
    template: Path | None,
    only: tuple[str, ...],
    refused: Path | None,
    batch: int,
    jobs: int,
) -> None:
    """Print a letter for every line of LETTERS_CSV. Run it again to go on where it was stopped."""
    manifest = read_manifest(manifest_path, allow_test_keys)
    people = choose(read_letters(read(letters_csv), manifest), only, refused)
    facts = make_facts(manifest_path, allow_test_keys, manifest, election, roll, key_document, site, zone, contact)
    if out.suffix.lower() != ".pdf":
        raise LetterProblem(f"{out} does not end in .pdf.")
    batches = plan_batches(people, out, batch)
    look = Look(language, sender, template)
    with Journal(out.with_name(f".{out.name}.journal")) as journal, Progress(console=console) as progress:
        task = progress.add_task("Printing letters", total=len(people))
        for done in print_batches(batches, facts, look, journal, jobs):
            progress.advance(task, len(done.letters))
    where = f"{batches[0].path}" if len(batches) == 1 else f"{len(batches)} files, {batches[0].path.name} and so on"
    say(f"{len(people):,} letters in {where}. THEY HOLD THE CODES: print them in the presence of others, and destroy")
    say("the files and letters.csv once the letters are out.")


def choose(letters: list[Letter], only: tuple[str, ...], refused: Path | None) -> list[Letter]:
    """Return the letters of these ids, or of those whose mail was refused; all where neither is said.

    Raises:
        LetterProblem: There is no such voter on the list, or nobody is left.
    """
    wanted = {tidy_voter_id(voter_id) for voter_id in only}
    unknown = wanted - {letter.id for letter in letters}
    if unknown:
        raise LetterProblem(f"letters.csv names no voter {', '.join(sorted(unknown))}.")
    chosen = [letter for letter in letters if not wanted or letter.id in wanted]
    if refused:
        read(refused)  # a journal that is missing would be begun
        with Journal(refused) as journal:
            numbers = {refusal.number for refusal in refusals_in(journal)}
        chosen = [letter for letter in chosen if letter.number in numbers]
    if not chosen:
        raise LetterProblem("There is nobody to write to.")
    return chosen
