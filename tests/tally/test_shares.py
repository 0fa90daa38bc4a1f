import json
from dataclasses import replace

import pytest

from ballots import codec
from ballots.errors import SealedFileError
from ballots.signatures import SigningKey
from tally.errors import ForeignShare
from tally.shares import (
    ObserverKey,
    check_copy,
    check_share,
    reseal,
    seal_observer_key,
    seal_share,
    unseal_observer_key,
    unseal_share,
)
from tests.support.elections import Simulation, simulate
from tests.tally.boards import PASSPHRASE, share_of


@pytest.fixture(scope="module")
def simulation() -> Simulation:
    return simulate()


@pytest.fixture(scope="module")
def sealed_share(simulation: Simulation) -> bytes:
    return seal_share(share_of(simulation, 2), PASSPHRASE, bytes(28), cost=2)


def test_a_share_comes_back_whole(simulation: Simulation, sealed_share: bytes) -> None:
    opened = unseal_share(sealed_share, PASSPHRASE)
    check_share(opened, simulation.election.manifest, simulation.election.key_document)
    check_copy(sealed_share, PASSPHRASE, opened)
    assert (opened.trustee, opened.name) == (2, "Two")
    assert codec.encode_number(opened.share, 64) not in sealed_share.decode()


def test_wrong_passphrase(sealed_share: bytes) -> None:
    with pytest.raises(SealedFileError, match="passphrase is wrong"):
        unseal_share(sealed_share, PASSPHRASE + " ")


@pytest.mark.parametrize("kept", [0, 1, 100, -1])
def test_a_truncated_share(sealed_share: bytes, kept: int) -> None:
    with pytest.raises(SealedFileError, match="damaged or cut short"):
        unseal_share(sealed_share[:kept], PASSPHRASE)


def test_every_byte_matters(sealed_share: bytes) -> None:
    for place in range(0, len(sealed_share), 7):
        changed = bytearray(sealed_share)
        changed[place] ^= 1
        with pytest.raises(SealedFileError):
            unseal_share(bytes(changed), PASSPHRASE)


def test_a_share_cannot_pass_for_one_of_another_election(sealed_share: bytes) -> None:
    fields = json.loads(sealed_share)
    fields["owner"] = codec.encode_bytes(bytes(32))
    with pytest.raises(SealedFileError, match="the file was changed"):
        unseal_share(codec.encode_canonical(fields), PASSPHRASE)


def test_an_observers_key_is_no_share() -> None:
    key = ObserverKey("Watch", SigningKey.from_seed(b"\x05" * 32))
    data = seal_observer_key(key, PASSPHRASE, bytes(28), cost=2)
    assert unseal_observer_key(data, PASSPHRASE).signing_key.public == key.signing_key.public
    with pytest.raises(SealedFileError, match="'trustee-share' is needed"):
        unseal_share(data, PASSPHRASE)


def test_change_of_passphrase(simulation: Simulation, sealed_share: bytes) -> None:
    again = reseal(sealed_share, PASSPHRASE, "another good one", bytes(28), cost=2)
    check_copy(again, "another good one", share_of(simulation, 2))
    with pytest.raises(SealedFileError):
        unseal_share(again, PASSPHRASE)
    with pytest.raises(SealedFileError, match="passphrase is wrong"):
        reseal(sealed_share, "not it", "another good one", bytes(28), cost=2)


def test_a_copy_of_another_share_is_noticed(simulation: Simulation, sealed_share: bytes) -> None:
    with pytest.raises(ForeignShare, match="not the share that was meant"):
        check_copy(sealed_share, PASSPHRASE, share_of(simulation, 1))
    with pytest.raises(ForeignShare, match="not the share that was meant"):
        check_copy(sealed_share, PASSPHRASE, replace(share_of(simulation, 2), share=1))


def test_repr_hides_secrets(simulation: Simulation) -> None:
    share = share_of(simulation, 1)
    assert str(share.share) not in repr(share)
    assert "seed" not in repr(share)
    assert "signing_key" not in repr(ObserverKey("Watch", share.signing_key))
