"""What everybody may see: how the count comes about, the record's files, names of those who chose so, regions."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from participation.errors import Missing
from participation.numbers import asked_number
from participation.pagecache import kept
from participation.ports import current_ports
from participation.regions.counts import RegionCounts, shade_regions
from participation.regions.places import load_regions
from participation.regions.words import name_lines, region_name
from participation.signatures.forms import reason_names
from participation.signatures.logs import load_signing
from participation.signatures.queries import count_of, names_of, regions_of
from participation.signatures.record import open_petition_file

blueprint = Blueprint("petition_count", __name__, url_prefix="/petitions/<uuid:petition_id>")
KEPT_SECONDS = 5


@blueprint.get("/count")
@kept(KEPT_SECONDS)
def page(petition_id: object) -> ResponseReturnValue:
    """Show the count by method, what was removed and why, and how to check both."""
    ports = current_ports()
    signing = load_signing(ports, str(petition_id))
    with ports.database.reading() as session:
        count = count_of(session, signing.petition_id)
    place = f"/petitions/{signing.petition_id}"
    return render_template(
        "participation/signatures/count.html",
        signing=signing,
        count=count,
        methods=method_names(),
        reasons=reason_names(),
        counted_ways=ports.rules.petitions.counted_ways,
        lag=ports.rules.signatures.count_seconds,
        record_address=f"{ports.base_url}{place}/record",
        words=_check_words(),
        places={"record": f"{request.script_root}{place}/record/"},
    )


@blueprint.get("/signers")
@kept(KEPT_SECONDS, "after")
def signers(petition_id: object) -> ResponseReturnValue:
    """Show the names of those who chose to be shown, in the order of signing."""
    ports = current_ports()
    signing = load_signing(ports, str(petition_id))
    if not signing.is_shown:
        raise Missing("There is no such petition.")
    after = asked_number("after") or 0
    with ports.database.reading() as session:
        names, more = names_of(session, signing.petition_id, after)
    regions = {one.code: region_name(one) for one in load_regions(ports.rules.signatures.regions).regions}
    return render_template(
        "participation/signatures/signers.html", signing=signing, names=names, more=more, after=after, regions=regions
    )


@blueprint.get("/regions")
@kept(KEPT_SECONDS)
def regions(petition_id: object) -> ResponseReturnValue:
    """Show signatures by region: a map, and a list that says the same."""
    ports = current_ports()
    signing = load_signing(ports, str(petition_id))
    known = load_regions(ports.rules.signatures.regions)
    return render_template(
        "participation/signatures/regions.html",
        signing=signing,
        known=known,
        counts=region_counts(signing.petition_id),
        name_of=region_name,
        name_lines=name_lines,
        smallest=ports.rules.signatures.smallest_region,
    )


def region_counts(petition_id: str) -> RegionCounts:
    """Return what may be shown of a petition's counts by region."""
    ports = current_ports()
    with ports.database.reading() as session:
        counts = regions_of(session, petition_id)
    rules = ports.rules.signatures
    return shade_regions(load_regions(rules.regions), counts, rules.smallest_region)


@blueprint.get("/record/<path:path>")
def file(petition_id: object, path: str) -> Response:
    """Serve a file of the record, or a part of it, to everybody."""
    ports = current_ports()
    return ports.serve_file(open_petition_file(ports, str(petition_id), path), path)


def method_names() -> dict[str, tuple[str, str]]:
    """Return {method: (name, what it is worth)}."""
    return {
        "roll": (gettext("by the roll of voters"), gettext("verified: one signature for each credential on the roll")),
        "oidc": (gettext("by an account"), gettext("verified: an identity provider vouched for the person")),
        "mail": (gettext("by mail"), gettext("confirmed from a mailbox; nobody has checked who is behind it")),
    }


def _check_words() -> dict[str, str]:
    return {
        "unreadable": gettext("This is no receipt of a signature."),
        "other": gettext("This receipt is of another petition."),
        "promise": gettext(
            "The site's signature on this receipt is wrong. It was changed, or never given by this site."
        ),
        "opening": gettext("The receipt does not fit its own commitment: it was changed."),
        "proof": gettext("The receipt's own proof is wrong: it was changed, or the site cheats. Keep it."),
        "record": gettext("The public record could not be read, or is wrong in itself. Try again; then tell others."),
        "forked": gettext(
            "The log is not the one that your receipt is of: the site has shown two logs. Keep the receipt as proof."
        ),
        "missing": gettext(
            "Your signature is not on the log. If your receipt is older than a day, keep it: it is evidence."
        ),
        "counted": gettext("Your signature is entry %(index)s of the log, and it counts."),
        "removed": gettext(
            "Your signature is entry %(index)s of the log. It was taken off by entry %(removal)s. Reason: %(reason)s"
        ),
        "working": gettext("Checking …"),
        **{f"reason-{code}": name for code, name in reason_names().items()},
    }
