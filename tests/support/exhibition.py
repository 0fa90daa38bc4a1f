"""One site on which every page can be seen in every state, for the tests that must leave no page out.

Each module of `tests/support/exhibits` stands for a feature: `PAGES` names the addresses at which each of its pages is
looked at, `NOT_PAGES` says of its other addresses why nobody looks at them. If they are there, `WRONG` lists forms that
are refused, and `hang` puts on the site what there is to see. `tests/exhibition/test_listed.py` fails if an
address of the site is in neither list.
"""

import importlib
import pkgutil
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType

from apiflask import APIFlask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from evote.services import Services
from evote.simulation.petitions import RULES
from tests.support import exhibits
from tests.support.gallery import NOW, fill_gallery, gallery_settings
from tests.support.officials import Desk
from tests.support.server import Clock

_HIDDEN = re.compile(r'name="(csrf_token|revision)"[^>]*value="([^"]+)"')
COOKIES = ("evote", "evote-official", "petition-draft", "petition-creator", "evote-person")


@dataclass(frozen=True)
class Place:
    """A page to look at.

    Attributes:
        address: With {names} of the exhibition.
        by: Who looks: nobody in particular, or one of the exhibition's visitors.
        status: Of the answer.
        sent: Fields of a form that is sent there; none where the page is just looked at.
    """

    address: str
    by: str = ""
    status: int = 200
    sent: tuple[tuple[str, str], ...] | None = None

    def __str__(self) -> str:
        return f"{self.by}:{self.address}" if self.by else self.address


def seen(*addresses: str, by: str = "", status: int = 200) -> tuple[Place, ...]:
    """Return places that one kind of visitor looks at."""
    return tuple(Place(address, by, status) for address in addresses)


def wrong(address: str, by: str = "", status: int = 422, **fields: str) -> Place:
    """Return a place at which a form is sent that is refused."""
    return Place(address, by, status, tuple(fields.items()))


Pages = Mapping[str, Sequence[Place]]
"""{endpoint: places at which its page is looked at}."""


@dataclass
class Exhibition:
    """The site, the {names} of addresses, and its visitors with their cookies.

    Attributes:
        clock: Stands at the gallery's moment.
        official: Signed in, with every role.
    """

    app: APIFlask
    services: Services
    clock: Clock
    names: dict[str, str]
    visitors: dict[str, FlaskClient] = field(default_factory=dict)
    official: Desk | None = None

    def path(self, place: Place, language: str = "") -> str:
        """Return a place's path, in a language's address or in the lasting one."""
        return (f"/{language}" if language else "") + place.address.format_map(self.names)

    def get(self, place: Place, language: str = "") -> str:
        """Return a page's HTML."""
        client = self.visitors[place.by] if place.by else self.app.test_client()
        path = self.path(place, language)
        answer = client.get(path)
        if place.sent is not None:
            hidden = dict(_HIDDEN.findall(answer.get_data(as_text=True)))
            answer = client.post(path, data={**hidden, **dict(place.sent)})
        assert answer.status_code == place.status, (place, answer.status_code, answer.headers.get("Location"))
        assert answer.mimetype == "text/html", place
        return answer.get_data(as_text=True)

    def cookies(self, place: Place) -> dict[str, str]:
        """Return {name: value} of the cookies of a place's visitor."""
        if not place.by:
            return {}
        found = {name: self.visitors[place.by].get_cookie(name) for name in COOKIES}
        return {name: cookie.value for name, cookie in found.items() if cookie is not None}


def modules() -> list[ModuleType]:
    """Return the features' modules in the order in which they hang what they show: officials first."""
    names = sorted(one.name for one in pkgutil.iter_modules(exhibits.__path__))
    names.sort(key=lambda one: one != "officials")
    return [importlib.import_module(f"{exhibits.__name__}.{name}") for name in names]


def all_places() -> list[Place]:
    """Return every place of every feature."""
    pages: list[Pages] = [module.PAGES for module in modules()]
    return [place for found in pages for places in found.values() for place in places]


def wrong_forms() -> list[Place]:
    """Return every wrong form of every feature."""
    return [place for module in modules() for place in getattr(module, "WRONG", ())]


def page_rules(app: APIFlask) -> dict[str, Rule]:
    """Return {endpoint: rule} of what can be fetched."""
    return {rule.endpoint: rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}


def make_exhibition(folder: Path) -> Exhibition:
    """Fill a site in this folder with all that there is to see."""
    rules = folder / "participation.toml"
    rules.write_text(RULES, encoding="utf-8")
    settings = replace(gallery_settings(folder), base_url="http://127.0.0.1", participation_rules=rules)
    clock = Clock(NOW)
    app, services, ids = fill_gallery(settings, clock)
    made = Exhibition(app, services, clock, {**ids})
    for module in modules():
        hang: Callable[[Exhibition], None] | None = getattr(module, "hang", None)
        if hang is not None:
            clock.now = NOW
            hang(made)
    clock.now = NOW
    return made
