"""Whom mail does not reach: counts for all officials, voter ids for the registrar, who can send a letter."""

import csv
import io
from collections import Counter

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from evote.admin.blueprint import admin, current_official, needs
from evote.admin.conducting import election_head
from evote.admin.deeds import note
from evote.admin.mailings_wording import reason_names
from evote.admin.roles import Permission
from evote.current import current_services
from evote.mailings.bounces import list_unreached


@admin.route("/elections/<uuid:election_id>/mailings/unreached", methods=["GET", "POST"])
@needs(Permission.ROLL)
def unreached(election_id: object) -> ResponseReturnValue:
    """Show how many people mail did not reach; who they are only on request, which the officials' log keeps."""
    services, head = current_services(), election_head(str(election_id))
    with services.database.reading() as session:
        people = list_unreached(session, head.id)
    names, asked = reason_names(), request.method == "POST"
    if asked:
        with services.database.writing() as session:
            note(session, services.now(), current_official().name, "mail-unreached-seen", head.id)
    if asked and request.form.get("as") == "csv":
        table = io.StringIO()
        csv.writer(table).writerows([("id", "reason"), *((one.login, one.reason) for one in people)])
        headers = {"Content-Disposition": 'attachment; filename="unreached.csv"', "Cache-Control": "no-store"}
        return Response(table.getvalue(), mimetype="text/csv", headers=headers)
    counts = Counter(one.reason for one in people)
    return render_template(
        "admin/mailing_unreached.html",
        head=head,
        counts=[(name, counts[word]) for word, name in names.items() if word in counts],
        people=[(one.login, names[one.reason]) for one in people] if asked else None,
        total=len(people),
    )
