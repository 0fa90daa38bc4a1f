"""What a definition says beyond the manifest: files by their names in a folder, and orders of options.

An option's `media` may name a file of the folder, as in `{"ada.jpg": ""}`; it is made into what the manifest names.
`orders`, beside the manifest's fields, becomes `order.json`, named among the booth's files.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from evote.elections.documents import hash_text
from evote.elections.media_files import MOST_UPLOAD_BYTES, MediaFile, make_media, parse_media_path
from evote.elections.ordering import ORDER_FILE, encode_orders
from evote.errors import Malformed

_MOST_FILES = 2_000


def read_folder(folder: Path) -> dict[str, bytes]:
    """Return {path within the folder: bytes} of all files in it, hidden ones left out.

    Raises:
        Malformed: There are too many, or one is too large.
    """
    files = sorted(file for file in folder.rglob("*") if file.is_file() and not file.name.startswith("."))
    if len(files) > _MOST_FILES:
        raise Malformed("There are too many files in this folder: at most %(most)s.", most=_MOST_FILES)
    for file in files:
        if file.stat().st_size > MOST_UPLOAD_BYTES:
            raise Malformed("%(file)s is too large: at most 12 megabytes.", file=str(file))
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def take_media(fields: dict[str, Any], folder: Mapping[str, bytes]) -> tuple[dict[str, Any], list[MediaFile]]:
    """Put what the manifest will name in place of names in the folder.

    Args:
        fields: The definition's; not changed.
        folder: {name: bytes}.

    Returns:
        The fields with their media as a manifest has them, and the files to keep.

    Raises:
        Malformed: A file is missing, is not the one whose hash is named, or is neither picture nor document.
    """
    files: list[MediaFile] = []
    contests = fields.get("contests")
    if not isinstance(contests, list):
        return fields, files
    taken = [_take_contest(one, folder, files) if isinstance(one, dict) else one for one in contests]
    return {**fields, "contests": taken}, files


def take_orders(fields: dict[str, Any], folder: Mapping[str, bytes]) -> tuple[dict[str, Any], list[MediaFile]]:
    """Take `orders` out of a definition, and name their file among the booth's; or keep the folder's.

    Raises:
        Malformed: They are not of their form.
    """
    orders = fields.get("orders", [])
    rest = {name: value for name, value in fields.items() if name != "orders"}
    if not isinstance(orders, list) or not all(isinstance(one, dict) for one in orders):
        raise Malformed("orders must be a list of objects, one for each contest that is drawn or rotated.")
    if orders:
        files = [MediaFile(ORDER_FILE, encode_orders(orders, list(_contest_ids(rest))))]
    else:
        files = [MediaFile(ORDER_FILE, folder[ORDER_FILE])] if ORDER_FILE in folder else []
    booth = rest.get("booth")
    if files and isinstance(booth, dict):
        rest["booth"] = {**booth, ORDER_FILE: files[0].sha256}
    return rest, files


def _contest_ids(fields: Mapping[str, Any]) -> Iterator[str]:
    contests = fields.get("contests")
    for contest in contests if isinstance(contests, list) else ():
        if isinstance(contest, dict) and isinstance(contest.get("id"), str):
            yield contest["id"]


def _take_contest(contest: dict[str, Any], folder: Mapping[str, bytes], files: list[MediaFile]) -> dict[str, Any]:
    options = contest.get("options")
    if not isinstance(options, list):
        return contest
    return {
        **contest,
        "options": [_take_option(one, folder, files) if isinstance(one, dict) else one for one in options],
    }


def _take_option(option: dict[str, Any], folder: Mapping[str, bytes], files: list[MediaFile]) -> dict[str, Any]:
    media = option.get("media")
    if not isinstance(media, dict):
        return option
    named: dict[str, Any] = {}
    for path, sha256 in media.items():
        made = _take_file(path, sha256, folder)
        files.extend(made)
        named.update({file.path: file.sha256 for file in made} or {path: sha256})
    return {**option, "media": named}


def _take_file(path: str, sha256: object, folder: Mapping[str, bytes]) -> tuple[MediaFile, ...]:
    known = parse_media_path(path)
    if path not in folder:
        if known is None:
            raise Malformed("An option names the file %(path)s, which is not in the folder of media.", path=path)
        return ()
    data = folder[path]
    if sha256 not in ("", hash_text(data)) or (known is not None and known.sha256 != hash_text(data)):
        raise Malformed("The file %(path)s in the folder is not the one whose hash is named.", path=path)
    return make_media(path, data) if known is None else (MediaFile(path, data),)
