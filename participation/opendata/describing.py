"""What the open data are, for programs: a DCAT catalogue and an OpenAPI document."""

from typing import Any

from flask_babel import force_locale

from participation.opendata.lists import LISTS
from participation.opendata.paged import PublicList
from participation.ports import Ports

LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"
_MEDIA = {"json": "application/json", "csv": "text/csv"}


def describe_catalogue(ports: Ports) -> dict[str, Any]:
    """Return the catalogue in JSON-LD (DCAT 3): one data set a list, in both formats."""
    return {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
        },
        "@id": f"{ports.base_url}/data/",
        "@type": "dcat:Catalog",
        "dct:title": f"Open data of {ports.site}",
        "dct:license": {"@id": LICENCE},
        "foaf:homepage": {"@id": ports.base_url},
        "dcat:dataset": [_data_set(ports, one) for one in LISTS],
        "dcat:distribution": _distribution(f"{ports.base_url}/data/all.zip", "application/zip"),
    }


def _data_set(ports: Ports, one: PublicList) -> dict[str, Any]:
    address = f"{ports.base_url}/data/{one.name}"
    return {
        "@id": address,
        "@type": "dcat:Dataset",
        "dct:title": [{"@language": language, "@value": _title(one, language)} for language in ports.languages()],
        "dct:license": {"@id": LICENCE},
        "dct:accrualPeriodicity": {"@id": "http://publications.europa.eu/resource/authority/frequency/CONT"},
        "dcat:distribution": [_distribution(f"{address}.{ending}", media) for ending, media in _MEDIA.items()],
    }


def _distribution(address: str, media: str) -> dict[str, Any]:
    return {
        "@type": "dcat:Distribution",
        "dcat:downloadURL": {"@id": address},
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{media}"},
    }


def describe_api(ports: Ports) -> dict[str, Any]:
    """Return an OpenAPI 3.1 document of the lists."""
    paths: dict[str, Any] = {}
    for one in LISTS:
        cells = {name: {"type": ["string", "integer", "boolean", "null"], "description": text}
                 for name, text in one.columns.items()}  # fmt: skip
        rows = {"type": "object", "properties": cells, "required": list(cells), "additionalProperties": False}
        document = {
            "type": "object",
            "properties": {
                "list": {"const": one.name},
                "generated_at": {"type": "string", "format": "date-time"},
                "columns": {"type": "object", "additionalProperties": {"type": "string"}},
                "rows": {"type": "array", "items": rows},
            },
            "required": ["list", "generated_at", "columns", "rows"],
            "additionalProperties": False,
        }
        paths[f"/data/{one.name}.json"] = _operation(one, "json", {"application/json": {"schema": document}})
        paths[f"/data/{one.name}.csv"] = _operation(one, "csv", {"text/csv": {"schema": {"type": "string"}}})
    packed = {"application/zip": {"schema": {"type": "string", "contentMediaType": "application/zip"}}}
    everything = {"operationId": "all-zip", "summary": "All lists in one file"}
    paths["/data/all.zip"] = {"get": {**everything, "responses": {"200": {"description": "A ZIP", "content": packed}}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": f"Open data of {ports.site}", "version": "1", "license": {"name": "CC0", "url": LICENCE}},
        "servers": [{"url": ports.base_url}],
        "paths": paths,
    }


def _operation(one: PublicList, ending: str, content: dict[str, Any]) -> dict[str, Any]:
    return {
        "get": {
            "operationId": f"{one.name}-{ending}",
            "summary": _title(one, "en"),
            "responses": {"200": {"description": _title(one, "en"), "content": content}},
        }
    }


def _title(one: PublicList, language: str) -> str:
    with force_locale(language.replace("-", "_")):
        return str(one.title)
