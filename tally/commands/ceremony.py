"""``tally ceremony``: make the key, offline."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from ballots import sealed
from ballots.keys import parse_key
from ballots.manifest import Manifest, parse_manifest
from tally import files
from tally.ceremony import Made, make_key
from tally.commands.console import FILE, FOLDER, protect_memory, say, terminal, test_keys_option
from tally.passphrases import new_passphrase
from tally.shares import check_share, seal_share, unseal_share

_MANIFEST_LIMIT = 1 << 26


def share_name(trustee: int) -> str:
    """Return the name of a trustee's share file."""
    return f"share-{trustee}.json"


@click.command()
@click.option("--manifest", "manifest_file", type=FILE, required=True, help="manifest.json, final.")
@click.option("--out", type=FOLDER, required=True, help="A folder for key.json and the shares.")
@click.option("--passphrase-file", type=FILE, help="One passphrase for all shares (demonstrations only).")
@click.option("--passphrase-file-dir", type=FOLDER, help="A folder with share-1.txt, share-2.txt, … each a passphrase.")
@test_keys_option
def ceremony(
    manifest_file: Path,
    out: Path,
    passphrase_file: Path | None,
    passphrase_file_dir: Path | None,
    allow_test_keys: bool,
) -> None:
    """Make the key of one election: key.json and one sealed share file a trustee.

    Run it once, on a machine without network that is wiped or switched off afterwards.
    """
    protect_memory()
    manifest = parse_manifest(files.read_file(manifest_file, _MANIFEST_LIMIT), allow_test_keys=allow_test_keys)
    trustees = manifest.trustees
    say(f"A key of {manifest.modulus_bits} bits for manifest {manifest.hash_text}:")
    say(f"{trustees.threshold} of {trustees.total} trustees open the count: {', '.join(trustees.names)}.")
    for name in ("key.json", *(share_name(index + 1) for index in range(trustees.total))):
        files.refuse_existing(out / name)
    passphrases = _passphrases(manifest, passphrase_file, passphrase_file_dir)
    files.make_folder(out)
    with _steps() as step:
        made = make_key(manifest, secrets.randbits, step)
        step("Sealing the shares")
        _write(made, manifest, out, passphrases)
    say(f"Wrote {out / 'key.json'}, which is public, and {trustees.total} shares, each for one trustee alone.")
    say("Hand the shares over, have each trustee run `tally rehearse` and make a backup with `tally share copy`.")
    say("Then destroy this machine's memory and disk: whoever made the key could have read it here.")


def _passphrases(manifest: Manifest, single: Path | None, folder: Path | None) -> list[str]:
    passphrases = []
    for index, name in enumerate(manifest.trustees.names, start=1):
        file = folder / f"share-{index}.txt" if folder else single
        passphrases.append(new_passphrase(f"the share of trustee {index}, {name}", file))
    return passphrases


def _write(made: Made, manifest: Manifest, out: Path, passphrases: list[str]) -> None:
    """Write everything or nothing, then read it back as each trustee will."""
    contents = {
        share_name(share.trustee): seal_share(share, passphrase, secrets.token_bytes(28), sealed.SCRYPT_COST)
        for share, passphrase in zip(made.shares, passphrases, strict=True)
    }
    public = out / "key.json"
    files.write_new({public: made.key.encode(), **{out / name: data for name, data in contents.items()}}, {public})
    key = parse_key(files.read_file(public))
    for share, passphrase in zip(made.shares, passphrases, strict=True):
        again = unseal_share(files.read_file(out / share_name(share.trustee)), passphrase)
        check_share(again, manifest, key)


@contextmanager
def _steps() -> Iterator[Callable[[str], None]]:
    columns = (SpinnerColumn(), TextColumn("{task.description}{task.fields[count]}"), TimeElapsedColumn())
    with Progress(*columns, console=terminal) as progress:
        counts: dict[str, int] = {}
        tasks: dict[str, TaskID] = {}

        def step(name: str) -> None:
            if name not in tasks:
                for task in tasks.values():
                    progress.stop_task(task)
                tasks[name] = progress.add_task(name, total=None, count="")
            counts[name] = counts.get(name, 0) + 1
            if counts[name] > 1:
                progress.update(tasks[name], count=f" ({counts[name]:,} tried)")

        yield step
