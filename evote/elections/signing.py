"""What the official signs away from the server: a request goes out as a file, and comes back signed."""

from pathlib import Path

from ballots import codec
from ballots.ballot import Ballot
from ballots.board import Board
from ballots.election import load_election
from ballots.entries import check_body, parse_entry
from ballots.errors import BallotsError
from ballots.record import RecordReader
from ballots.signatures import SigningKey
from evote.elections.official import closing_fields, opening_fields, prepare_close, submit_opening, submit_signed
from evote.errors import Conflict, Malformed
from evote.services import Services

KINDS = ("open", "close", "extend", "annul")


def make_request(services: Services, election_id: str, kind: str, fields: dict[str, codec.Json]) -> bytes:
    """Return what goes to the official: {"kind", "signed"}, canonical JSON.

    Args:
        services: The application's parts.
        election_id: A frozen election.
        kind: open, close, extend or annul.
        fields: closes_at and reason, where the kind has them.

    Raises:
        Conflict: The election is not so far; for a close: its door is open still.
    """
    signed = opening_fields(services, election_id)
    signed |= prepare_close(services, election_id) if kind == "close" else fields
    return codec.encode_canonical({"kind": kind, "signed": signed})


def read_request(request: bytes) -> tuple[str, dict[str, codec.Json]]:
    """Return kind and fields of a request.

    Raises:
        Malformed: It is none.
    """
    try:
        kind, signed = codec.take(codec.parse_canonical(request.strip()), "kind", "signed")
    except BallotsError as error:
        raise Malformed("This is no request to sign from the officials' site. %(error)s", error=error) from None
    if kind not in KINDS or not isinstance(signed, dict) or not isinstance(signed.get("election"), str):
        raise Malformed("This is no request to sign from the officials' site. Download it again.")
    said = {name: value for name, value in signed.items() if name != "election"}
    try:
        if kind != "open" or said:
            check_body(kind, {**said, "signature": ""})
    except BallotsError as error:
        raise Malformed("This is no request to sign from the officials' site. %(error)s", error=error) from None
    return kind, signed


def sign_request(request: bytes, key: SigningKey) -> bytes:
    """Sign a request; returns the file to hand in: {"kind", "signature", "signed"}.

    Raises:
        Malformed: It is no request.
    """
    kind, signed = read_request(request)
    return codec.encode_canonical({"kind": kind, "signed": signed, "signature": key.sign(kind, signed)})


def compare_with_record(request: bytes, folder: Path) -> None:
    """Compute from a record of one's own what a close covers, and compare; proofs are the verifier's to check.

    Raises:
        Malformed: The record and the request differ.
        BallotsError: The record is damaged.
    """
    kind, signed = read_request(request)
    reader = RecordReader(folder)
    election = load_election(reader.manifest_bytes(), reader.key_bytes(), reader.roll_bytes(), allow_test_keys=True)
    if signed["election"] != election.fingerprint_text:
        raise Malformed("The request is for another election than this record.")
    if kind != "close":
        return
    board, ballots = Board(election), reader.ballots()
    for line in reader.entries():
        entry = parse_entry(line)
        ballot = None
        if entry.type == "ballot":
            document = codec.parse_canonical(next(ballots, b""))
            ballot = Ballot(document, document["voter"], document["previous"], ())
        board.admit(entry, ballot)
    if {**signed} != {"election": election.fingerprint_text, **closing_fields(board)}:
        raise Malformed(
            "The server asks to close %(size)s entries, the record gives %(record_size)s, or other "
            "ballots count. Do not sign. Fetch the record again; if they differ still, tell the "
            "trustees.",
            size=signed.get("size"),
            record_size=board.size + 1,
        )


def submit_request(services: Services, election_id: str, document: bytes) -> str:
    """Take back a signed request and queue its entry; returns its kind.

    Raises:
        Malformed: It is no signed request, or one of another election.
        Conflict: It does not fit the election's state.
        Unsigned: The signature is not the official's.
    """
    try:
        kind, signed, signature = codec.take(codec.parse_canonical(document.strip()), "kind", "signed", "signature")
    except BallotsError as error:
        raise Malformed("This is not what `python -m evote official-sign` writes. %(error)s", error=error) from None
    kind, signed = read_request(codec.encode_canonical({"kind": kind, "signed": signed}))
    if signed["election"] != services.elections.get(election_id).fingerprint_text:
        raise Malformed("This was signed for another election. Compare the fingerprints.")
    if kind == "open":
        submit_opening(services, election_id, signature, {})
        return kind
    fields = {name: value for name, value in signed.items() if name != "election"}
    if kind == "close" and fields != prepare_close(services, election_id):
        raise Conflict("The log has grown since this was signed. Download the request again.")
    submit_signed(services, election_id, kind, fields, signature)
    return kind
