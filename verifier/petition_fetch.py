"""Downloading a petition's record. What was downloaded is not yet checked."""

from pathlib import Path
from urllib.parse import urlsplit

from . import codec
from .checkpoint import Checkpoint, parse_checkpoint
from .errors import Malformed, Refused
from .fetch import LONGEST_ROLL, Download, NotThere, Watch, download_series, record_url
from .petition_document import Petition, parse_petition

TRIES = 20


def is_petition(url: str) -> bool:
    """Tell whether an address is that of a petition or its record."""
    return "/petitions/" in urlsplit(url).path


def fetch_petition(url: str, folder: Path, watch: Watch) -> int:
    """Download a petition's record.

    Args:
        url: of the record, or of the petition's page.
        folder: to write into; made if it is not there.
        watch: told how far each file has come.

    Returns:
        The number of entries.

    Raises:
        FetchFailed: the network or the server failed; the same call goes on where it stopped.
        Refused: the address, the folder or what the server sends is not acceptable.
        Malformed: petition or checkpoint cannot be read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    download = Download(record_url(url), folder, watch)
    document = download.small("petition.json")
    petition = parse_petition(document)
    path = folder / "petition.json"
    if path.is_symlink() or (path.exists() and path.read_bytes() != document):
        raise Refused(f"{folder} holds another record; give an empty folder")
    download.save("petition.json", document)
    head, checkpoint, count = _of_one_moment(download, petition)
    try:
        download.save("text.json", download.small("text.json"))
    except NotThere:
        watch("text.json", 0, 0)
    if petition.roll is not None:
        download.grow("roll.jsonl", LONGEST_ROLL)
    seen = download_series(download, "log", checkpoint.size)
    if seen.tree.root() != checkpoint.root:
        download_series(download, "log", checkpoint.size, anew=True)
    download.save("checkpoint", head)
    download.save("count.json", count)
    return checkpoint.size


def _of_one_moment(download: Download, petition: Petition) -> tuple[bytes, Checkpoint, bytes]:
    """Return a checkpoint and the count of the same size: between two requests the log may have grown."""
    for _ in range(TRIES):
        head, count = download.small("checkpoint"), download.small("count.json")
        checkpoint = parse_checkpoint(head, petition.log_origin, petition.board_key)
        value = codec.read_json(count)
        if isinstance(value, dict) and value.get("size") == checkpoint.size:
            return head, checkpoint, count
    raise Malformed("checkpoint and count.json are never of the same size")
