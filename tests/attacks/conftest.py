"""One valid election for all attacks."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from ballots import certificate
from ballots.certificate import Certificate
from ballots.paillier import PublicKey
from tests.attacks.base import forge_base
from tests.attacks.forge import Forge

JUDGED: set[tuple[int, int, bytes]] = set()


@pytest.fixture(scope="module", autouse=True)
def certificates_are_judged_once() -> Iterator[None]:
    """Let the trustee's program remember a certificate that it found good: most attacks leave the key as it is."""
    judge = certificate.verify_certificate

    def judge_once(key: PublicKey, modulus_bits: int, shown: Certificate) -> None:
        seen = (int(key.n), modulus_bits, msgspec.json.encode(shown))
        if seen not in JUDGED:
            judge(key, modulus_bits, shown)
            JUDGED.add(seen)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(certificate, "verify_certificate", judge_once)
        yield


@pytest.fixture(scope="session")
def valid() -> Forge:
    """A valid election; attacks work on copies of it."""
    return forge_base()


@pytest.fixture(scope="session")
def valid_record(valid: Forge, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The valid election's record; nobody writes in it."""
    return valid.write(tmp_path_factory.mktemp("valid") / "record")
