"""How numbers, times and texts are written in the page's language. Every template uses these and nothing else."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global, parse_locale
from flask import Flask
from flask_babel import get_locale, gettext, ngettext
from jinja2 import StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from ballots import codec
from evote.current import current_services
from evote.languages import localized
from evote.locales import writing

__all__ = [
    "by_name",
    "digits",
    "duration",
    "exactly",
    "localized",
    "number",
    "page_locale",
    "page_zone",
    "percent",
    "printable",
    "register",
    "size",
    "when",
]


def page_locale() -> Locale:
    """Return the language of this request; English where nothing is set up."""
    return get_locale() or Locale("en")


def page_zone() -> ZoneInfo:
    """Return the time zone that times are written in: the operator's choice."""
    return ZoneInfo(current_services().settings.time_zone)


def when(moment: datetime | str) -> Markup:
    """Write a time to the minute, with its time zone, as a ``<time>`` element."""
    return _time_element(moment, "HH:mm")


def exactly(moment: datetime | str) -> Markup:
    """Write a time to the second, with its time zone, as a ``<time>`` element."""
    return _time_element(moment, "HH:mm:ss")


def _time_element(moment: datetime | str, clock: str) -> Markup:
    moment = codec.parse_time(moment) if isinstance(moment, str) else moment.astimezone(UTC).replace(microsecond=0)
    locale, zone = page_locale(), page_zone()
    person = writing.write_time(moment, locale, zone, clock)
    if zone.key == "UTC":
        person = gettext("%(time)s UTC", time=person)
    else:
        person = gettext("%(time)s (%(zone)s)", time=person, zone=writing.zone_name(moment, locale, zone))
    return Markup('<time datetime="{}">{}</time>').format(codec.encode_time(moment), person)


def duration(span: timedelta) -> str:
    """Write a length of time roughly: days, or hours, or minutes."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes >= 2 * 24 * 60:
        return ngettext("%(num)s day", "%(num)s days", minutes // (24 * 60))
    if minutes >= 2 * 60:
        return ngettext("%(num)s hour", "%(num)s hours", minutes // 60)
    return ngettext("%(num)s minute", "%(num)s minutes", minutes)


def number(value: int) -> str:
    """Write a whole number with the language's separators and digits."""
    return writing.write_number(value, page_locale())


def digits(text: str) -> str:
    """Write a text that holds digits, like a version, in the language's own."""
    return writing.write_digits(text, page_locale())


def percent(part: int, whole: int) -> str:
    """Write a share with one decimal; a dash where there is no whole."""
    return "–" if whole == 0 else writing.write_share(part / whole, page_locale())


def size(count: int) -> str:
    """Write a number of bytes in the unit a person reads."""
    units = (gettext("%(count)s B"), gettext("%(count)s kB"), gettext("%(count)s MB"), gettext("%(count)s GB"))
    value, place = float(count), 0
    while value >= 1000 and place < len(units) - 1:
        value, place = value / 1000, place + 1
    pattern = "#,##0" if place == 0 or value >= 100 else "#,##0.0"
    return units[place] % {"count": writing.write_number(value, page_locale(), pattern)}


def by_name(things: Iterable[Any], name: str = "") -> list[Any]:
    """Sort texts, or things by their attribute `name`, as the page's language sorts."""
    return writing.sorted_by_name(things, page_locale(), name)


def printable(typed: str | None) -> str:
    """Return what somebody typed without control characters (a database may refuse them) and spaces around it."""
    return "".join(character for character in typed or "" if character.isprintable()).strip()


def open_graph_locale() -> str:
    """Name the page's language with the country where most speak it, as Open Graph does: `fa` is `fa_IR`."""
    code = str(page_locale())
    likely: str = get_global("likely_subtags").get(code, code)
    language, territory = parse_locale(likely)[:2]
    return f"{language}_{territory}" if territory else language


def register(app: Flask) -> None:
    """Give every template of an application these filters."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals["open_graph_locale"] = open_graph_locale
    filters: dict[str, Callable[..., Any]] = {
        "localized": localized,
        "when": when,
        "exactly": exactly,
        "duration": duration,
        "number": number,
        "digits": digits,
        "percent_of": percent,
        "size": size,
        "by_name": by_name,
    }
    app.jinja_env.filters.update({name: _for_each_reader(function) for name, function in filters.items()})


def _for_each_reader(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a filter that Jinja leaves alone when it compiles: else constants stay in one language."""

    @pass_context
    def written(_: Context, *arguments: Any) -> Any:
        return function(*arguments)

    return written
