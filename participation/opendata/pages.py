"""The addresses of open data, and a page that lists them for people."""

import json

from flask import Blueprint, Response, render_template, stream_with_context
from flask_babel import force_locale

from participation.errors import Missing
from participation.opendata.bundle import write_bundle
from participation.opendata.describing import LICENCE, describe_api, describe_catalogue
from participation.opendata.feeds import list_news, write_feed
from participation.opendata.lists import BY_NAME, LISTS
from participation.opendata.paged import PublicList
from participation.opendata.writing import write_csv, write_json
from participation.ports import current_ports

opendata = Blueprint("opendata", __name__, url_prefix="/data")
_FEEDS = {"atom": "application/atom+xml", "rss": "application/rss+xml"}
_SECONDS = 30


@opendata.get("/")
def index() -> str:
    """List everything, with what each column means."""
    ports = current_ports()
    return render_template(
        "participation/opendata/index.html", lists=LISTS, licence=LICENCE, language=ports.language(), feeds=_FEEDS
    )


@opendata.get("/<string:name>.json")
def as_json(name: str) -> Response:
    """Hand out a list as JSON."""
    return _open(Response(stream_with_context(write_json(current_ports(), _find(name))), mimetype="application/json"))


@opendata.get("/<string:name>.csv")
def as_csv(name: str) -> Response:
    """Hand out a list as CSV."""
    wanted = _find(name)
    response = Response(stream_with_context(write_csv(current_ports(), wanted)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{wanted.name}.csv"'
    return _open(response)


@opendata.get("/all.zip")
def bundle() -> Response:
    """Hand out all lists in one file."""
    response = Response(stream_with_context(write_bundle(current_ports())), mimetype="application/zip")
    response.headers["Content-Disposition"] = 'attachment; filename="open-data.zip"'
    return _open(response)


@opendata.get("/catalog.jsonld")
def catalogue() -> Response:
    """Describe all lists as a DCAT catalogue."""
    return _open(Response(_dumps(describe_catalogue(current_ports())), mimetype="application/ld+json"))


@opendata.get("/openapi.json")
def api() -> Response:
    """Describe all addresses as OpenAPI."""
    return _open(Response(_dumps(describe_api(current_ports())), mimetype="application/json"))


@opendata.get("/news.<string:language>.<any(atom, rss):ending>")
def news(language: str, ending: str) -> Response:
    """Hand out the newest news as a feed, in a language of the site."""
    ports = current_ports()
    if language not in ports.languages():
        raise Missing("The site does not speak this language.")
    with force_locale(language.replace("-", "_")):
        with ports.database.reading() as session:
            items = list_news(session)
        feed = write_feed(ports, items, language, ending)
    return _open(Response(feed, mimetype=_FEEDS[ending]))


def _find(name: str) -> PublicList:
    found = BY_NAME.get(name)
    if found is None:
        raise Missing("There is no such list. All lists are described at /data/.")
    return found


def _dumps(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _open(response: Response) -> Response:
    """Let everybody use it from anywhere, and proxies keep it for a moment."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = f"public, max-age={_SECONDS}"
    response.headers["Link"] = f'<{LICENCE}>; rel="license"'
    return response
