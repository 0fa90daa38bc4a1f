"""Pictures and documents of a contest's options: taken one by one, each kept at once, and shown with their sizes."""

import io
import zipfile
from collections.abc import Mapping
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField

from evote.admin.blueprint import admin, current_official, needs
from evote.admin.checks import CONTESTS
from evote.admin.drafts import DraftView, definition_bytes, draft_problems, get_draft, save_draft
from evote.admin.forms import make_form
from evote.admin.presets import Definition
from evote.admin.roles import Permission
from evote.admin.writing import frame, validated
from evote.api.media import media_response
from evote.current import current_services
from evote.elections.media import list_media, read_media
from evote.elections.media_files import (
    DOCUMENT_BYTES,
    MOST_DOCUMENTS,
    MOST_UPLOAD_BYTES,
    MediaFile,
    make_media,
    parse_media_path,
    sort_media,
)
from evote.errors import Malformed, NotFound
from evote.languages import said
from evote.pages.filters import localized, number


@admin.route("/drafts/<uuid:draft_id>/contests/<int:place>/media", methods=["GET", "POST"])
@needs(Permission.WRITE, upload=True)
def draft_media(draft_id: object, place: int) -> ResponseReturnValue:
    """Take pictures and documents of a contest's options, and remove them."""
    draft = get_draft(current_services(), str(draft_id))
    if place >= len(draft.definition["contests"]):
        raise NotFound(gettext("There is no such contest in this draft."))
    contest = draft.definition["contests"][place]
    form = _form(contest)
    stale = form.is_submitted() and request.form.get("revision", "") != str(draft.revision)
    if sent := validated(form, draft):
        options, files = _changed(contest, form, request.form.get("action", ""))
        if options != contest["options"]:
            contests = list(draft.definition["contests"])
            contests[place] = {**contest, "options": options}
            changes = {"contests": contests}
            draft = save_draft(current_services(), current_official(), sent, CONTESTS, changes, files=files)
        if not form.errors:
            return redirect(url_for("admin.draft_media", draft_id=draft_id, place=place), 303)
    return _show(draft, place, form), 409 if stale else 422 if form.errors else 200


@admin.get("/drafts/<uuid:draft_id>/files/<name>")
@needs(Permission.SEE)
def draft_file(draft_id: object, name: str) -> Response:
    """Show officials a file of a draft; nobody else sees it before the manifest is made."""
    path = f"media/{name}"
    with current_services().database.reading() as session:
        response = media_response(path, read_media(session, str(draft_id), path))
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


@admin.get("/drafts/<uuid:draft_id>/definition.zip")
@needs(Permission.SEE)
def draft_bundle(draft_id: object) -> Response:
    """Give out the definition with its pictures and documents, as `create --media` takes them once unpacked."""
    draft, target = get_draft(current_services(), str(draft_id)), io.BytesIO()
    options = [option for contest in draft.definition["contests"] for option in contest["options"]]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as bundle, current_services().database.reading() as session:
        bundle.writestr("definition.json", definition_bytes(draft))
        for path in sorted({path for option in options for path in option["media"]}):
            bundle.writestr(path, read_media(session, draft.id, path))
    headers = {"Content-Disposition": 'attachment; filename="definition.zip"'}
    return Response(target.getvalue(), mimetype="application/zip", headers=headers)


def _form(contest: Definition) -> FlaskForm:
    fields = {
        f"file-{place}": FileField(localized(option["label"]) or gettext("Option %(number)s", number=number(place + 1)))
        for place, option in enumerate(contest["options"])
    }
    return make_form(fields, {})


def _changed(contest: Definition, form: FlaskForm, action: str) -> tuple[list[Definition], list[MediaFile]]:
    """Return the options with what was handed in and without what was removed; errors stand at their fields."""
    kept: list[MediaFile] = []
    options = []
    for place, option in enumerate(contest["options"]):
        media = _without(option["media"], action.removeprefix(f"remove-{place}-"))
        field = form[f"file-{place}"]
        if field.data:
            try:
                files = make_media(str(field.data.filename), field.data.read(MOST_UPLOAD_BYTES + 1))
                media = _with(media, files)
            except Malformed as error:
                field.errors = [*field.errors, said(error)]
            else:
                kept += files
        options.append({**option, "media": media})
    return options, kept


def _without(media: Mapping[str, str], path: str) -> dict[str, str]:
    """Take out a document, or a picture with its small one."""
    shown = sort_media(media)
    gone = {shown.picture, shown.small} if path and path in (shown.picture, shown.small) else {path}
    return {name: sha256 for name, sha256 in media.items() if name not in gone}


def _with(media: dict[str, str], files: tuple[MediaFile, ...]) -> dict[str, str]:
    """Put in a document, or a picture in place of the one before.

    Raises:
        Malformed: There are as many documents as there may be.
    """
    known = parse_media_path(files[0].path)
    if known is not None and known.is_picture:
        media = _without(media, sort_media(media).picture)
    elif len(sort_media(media).documents) >= MOST_DOCUMENTS and files[0].path not in media:
        raise Malformed("An option has room for %(most)s documents. Remove one first.", most=MOST_DOCUMENTS)
    return media | {file.path: file.sha256 for file in files}


def _show(draft: DraftView, place: int, form: FlaskForm) -> str:
    contest, problems = draft.definition["contests"][place], draft_problems(current_services(), draft)
    with current_services().database.reading() as session:
        files = list_media(session, draft.id)
    rows: list[dict[str, Any]] = [
        {
            "field": form[f"file-{number}"],
            "shown": sort_media(option["media"]),
            "documents": [(path, parse_media_path(path)) for path in sort_media(option["media"]).documents],
        }
        for number, option in enumerate(contest["options"])
    ]
    return render_template(
        "admin/draft_media.html",
        form=form,
        part=CONTESTS,
        place=place,
        rows=rows,
        files=files,
        picture_bytes=MOST_UPLOAD_BYTES,
        document_bytes=DOCUMENT_BYTES,
        **frame(draft, problems),
    )
