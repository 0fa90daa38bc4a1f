"""The files for the freeze: handed in, and checked before anything is fixed."""

import csv
import io

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.file import FileField

from evote.admin.acts import KEY_FILE, ROLL_FILES, dry_run, list_staged, stage_file
from evote.admin.blueprint import admin, current_official, needs
from evote.admin.conducting import election_head
from evote.admin.forms import make_form
from evote.admin.roles import Permission
from evote.current import current_services
from evote.elections.models import DRAFT
from evote.errors import Forbidden, NotFound

MOST_SHOWN = 500


@admin.route("/elections/<uuid:election_id>/files", methods=["GET", "POST"])
@needs(Permission.SEE, upload=True)
def files(election_id: object) -> ResponseReturnValue:
    """Take the registrar's files and the key; list every line that is wrong."""
    services, official = current_services(), current_official()
    head = election_head(str(election_id))
    mine = [
        *(ROLL_FILES if Permission.ROLL in official.permissions else ()),
        *((KEY_FILE,) if Permission.CONDUCT in official.permissions else ()),
    ]
    form = make_form({name.replace(".", "-"): FileField(name) for name in mine}, {})
    if form.validate_on_submit():
        if not mine:
            raise Forbidden(gettext("Your role does not include this. Ask an official whose role does."))
        for name in mine:
            given = form[name.replace(".", "-")].data
            if given:
                stage_file(services, official, head.id, name, given.read())
        return redirect(url_for("admin.files", election_id=election_id), 303)
    page = render_template(
        "admin/files.html",
        head=head,
        form=form,
        staged=list_staged(services, head.id),
        names=(*ROLL_FILES, KEY_FILE),
        mine=mine if head.state == DRAFT else [],
        report=dry_run(services, head.id),
        most_shown=MOST_SHOWN,
    )
    return page, 422 if form.errors else 200


@admin.get("/elections/<uuid:election_id>/files/problems.csv")
@needs(Permission.SEE)
def file_problems(election_id: object) -> Response:
    """Give out what the dry run found, for the spreadsheet of whoever mends it."""
    report = dry_run(current_services(), election_head(str(election_id)).id)
    if report is None or not report.problems:
        raise NotFound(gettext("The dry run has found nothing."))
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow((gettext("File"), gettext("Line"), gettext("What is wrong")))
    writer.writerows((problem.file, problem.line or "", problem.message) for problem in report.problems)
    return Response(
        text.getvalue().encode("utf-8-sig"),  # the mark lets spreadsheets know that it is UTF-8
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="problems.csv"'},
    )
