"""Headed parts are cut and put together the same way in Python and in JavaScript; texts never become foreign markup."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evote.elections.headed import PARTS, encode_headed, parse_headed, parts_in_use
from evote.pages.prose import render_prose

VECTORS = json.loads((Path(__file__).parent / "vectors" / "headed.json").read_text())
TEXTS = st.text(st.sampled_from("ab#\n* -[]()<>&\"'/:.hpts"), max_size=60)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda one: one["reason"])
def test_vectors(vector: dict[str, object]) -> None:
    read = parse_headed(str(vector["text"]))
    assert {"about": read.about, "parts": dict(read.parts)} == {"about": vector["about"], "parts": vector["parts"]}


@given(TEXTS, st.dictionaries(st.sampled_from(PARTS), TEXTS))
def test_what_is_put_together_is_cut_again(about: str, parts: dict[str, str]) -> None:
    wanted = {name: parts[name].strip() for name in PARTS if parts.get(name, "").strip()}
    read = parse_headed(encode_headed(about.strip(), wanted))
    assert (read.about, read.parts) == (about.strip(), wanted)


def test_all_options_show_the_parts_that_any_of_them_has() -> None:
    assert parts_in_use(["plain", "## Sources\nx", "a\n## Aims\ny\n## Background\n"]) == ["Aims", "Sources"]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One *two*\nthree\n\n- a\n- b", "<p>One <em>two</em><br>\nthree</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("# large", "<p># large</p>\n"),
        ("", ""),
    ],
)
def test_markdown_without_html_headings_and_pictures(text: str, html: str) -> None:
    assert render_prose(text) == html


def test_links_lead_to_the_web_and_tell_nobody_where_from() -> None:
    link = '<a href="https://a.example/x?y=1" rel="noopener noreferrer nofollow">'
    assert render_prose("see https://a.example/x?y=1.") == f"<p>see {link}https://a.example/x?y=1</a>.</p>\n"
    assert render_prose("[the report](https://a.example/x?y=1)") == f"<p>{link}the report</a></p>\n"
    assert "<img" not in render_prose("![x](https://a.example/track.png)")


@given(TEXTS)
def test_no_text_makes_a_tag_that_is_not_allowed(text: str) -> None:
    html = str(render_prose(text)).lower()
    for part in html.split("<")[1:]:
        name = part.lstrip("/").split(">")[0].split()[0]
        assert name in {"p", "br", "ul", "ol", "li", "strong", "em", "a", "blockquote", "code", "pre", "hr"}, html
