"""What other sites read of a page that somebody shares."""

import re
from html import unescape


def tags(page: str) -> dict[str, str]:
    """Return {name: content} of a page's tags for sharing."""
    found = re.findall(r'<meta (?:property|name)="((?:og|twitter):[\w:]+)" content="([^"]*)">', page)
    return {name: unescape(content) for name, content in found}
