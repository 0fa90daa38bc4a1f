"""Petitions stand in the site's frame, in both languages; errors are pages and JSON like the site's."""

from tests.support.participation import Town


def test_the_list_is_found_from_every_page_in_both_languages(town: Town) -> None:
    visitor = town.visitor()
    assert 'href="/en/petitions/"' in visitor.get("/en/")
    assert "<h1>Petitions</h1>" in visitor.get("/en/petitions/")
    assert "<h1>کارزارها</h1>" in visitor.get("/fa/petitions/")
