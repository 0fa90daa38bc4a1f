"""What officials do in participation, said in plain words: each feature adds its own."""

from collections.abc import Mapping

from participation.petitions.wording import deed_names as petition_deeds


def deed_names() -> Mapping[str, str]:
    """Return {word of the officials' log: what was done, in the page's language}."""
    return {**petition_deeds()}
