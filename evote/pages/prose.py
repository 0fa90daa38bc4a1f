"""Texts of officials and candidates as safe HTML: Markdown without HTML, headings and pictures; then cleaned."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_TAGS = {"p", "br", "ul", "ol", "li", "strong", "em", "a", "blockquote", "code", "pre", "hr"}
_BARE = re.compile(r"(?<![<(\[\"'=\w/])(https?://[^\s<>\"')\]]*[^\s<>\"')\].,;:!?؟،؛])")
ISOLATES = "\u2066\u2067\u2068\u2069"
"""Unicode's isolating signs, which `localized` puts around a text of another direction; HTML has `dir` for it."""
_NONE_OF_THEM = str.maketrans("", "", ISOLATES)


@lru_cache(maxsize=2_000)
def render_prose(text: str) -> Markup:
    """Write Markdown as HTML that holds paragraphs, lists, emphasis and links to the web, and nothing else."""
    import nh3

    html = _markdown().render(_BARE.sub(r"<\1>", text.translate(_NONE_OF_THEM)))
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return Markup(clean)  # noqa: S704  # cleaned in the line above


@lru_cache(maxsize=1)
def _markdown() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False, "breaks": True})
    return parser.disable(["heading", "lheading", "image", "html_block", "html_inline", "reference"])
