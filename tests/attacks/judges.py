"""Those who must refuse a forged record: the independent verifier, and a trustee's own program."""

import random
from pathlib import Path

from ballots.errors import BallotsError
from ballots.record import RecordReader
from tally import partials
from tally.errors import ElectionRefused, TallyProgramError
from tally.replay import check_record, conclude, sha256_text
from verifier.check import check_record as verify_record
from verifier.context import Options
from verifier.report import Report


def verify(folder: Path, *, allow_test_keys: bool = True, **options: object) -> Report:
    """Check a record as ``python -m verifier check`` does, in this process."""
    return verify_record(folder, Options(allow_test_keys=allow_test_keys, **options))  # type: ignore[arg-type]


def trustee_refuses(folder: Path, *, allow_test_keys: bool = True) -> str:
    """Check a record as a trustee's program does before and after the count; return why it refuses, or ""."""
    reader = RecordReader(folder)
    try:
        replay = check_record(reader, random.Random("trustee").getrandbits, allow_test_keys=allow_test_keys)
        checked = conclude(replay, reader.ballots())
        data = reader.tally_bytes()
        if sha256_text(data) != checked.board.tally_sha256:
            raise ElectionRefused("tally.json is not the file whose hash is on the log.")
        partials.check(checked, data)
    except (TallyProgramError, BallotsError) as error:
        return str(error)
    return ""
