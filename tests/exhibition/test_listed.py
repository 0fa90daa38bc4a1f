"""No page is forgotten: every address that can be fetched is looked at in every state, or is said to be no page."""

from tests.support.exhibition import Exhibition, modules, page_rules


def test_every_address_is_a_page_that_is_looked_at_or_is_none(exhibition: Exhibition) -> None:
    pages = [endpoint for module in modules() for endpoint in module.PAGES]
    none = [endpoint for module in modules() for endpoint in module.NOT_PAGES]
    unlisted = set(page_rules(exhibition.app)) - {*pages, *none}
    assert unlisted == set(), "add them to PAGES or NOT_PAGES of a module in tests/support/exhibits"
    assert {*pages, *none} - set(page_rules(exhibition.app)) == {"error"}, "these are gone"
    assert len(pages) + len(none) == len({*pages, *none}), "one of these is listed twice"


def test_every_address_is_of_the_page_that_it_stands_for(exhibition: Exhibition) -> None:
    with exhibition.app.test_request_context("/"):
        adapter = exhibition.app.create_url_adapter(None) or exhibition.app.url_map.bind("")
        for module in modules():
            for endpoint, places in module.PAGES.items():
                for place in places if endpoint != "error" else ():
                    path = exhibition.path(place).partition("?")[0]
                    assert adapter.match(path)[0] == endpoint, place
