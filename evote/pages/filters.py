"""How numbers, times and texts are written in the page's language. Every template uses these and nothing else."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from babel import Locale
from babel.dates import format_date, format_time, get_datetime_format
from babel.numbers import format_decimal, format_percent
from flask import Flask
from flask_babel import get_locale, ngettext
from jinja2 import StrictUndefined
from markupsafe import Markup

from ballots import codec


def page_locale() -> Locale:
    """Return the language of this request; English where nothing is set up."""
    return get_locale() or Locale("en")


def localized(text: Mapping[str, str]) -> str:
    """Pick a text in the page's language, else in English, else in whichever comes first.

    Args:
        text: {language: text}; may be empty.
    """
    for language in (page_locale().language, "en", *text):
        if language in text:
            return text[language]
    return ""


def when(moment: datetime | str) -> Markup:
    """Write a time to the minute, in UTC, as a ``<time>`` element."""
    return _time_element(moment, "HH:mm")


def exactly(moment: datetime | str) -> Markup:
    """Write a time to the second, in UTC, as a ``<time>`` element."""
    return _time_element(moment, "HH:mm:ss")


def _time_element(moment: datetime | str, clock: str) -> Markup:
    moment = codec.parse_time(moment) if isinstance(moment, str) else moment.astimezone(UTC).replace(microsecond=0)
    locale = page_locale()
    day, hour = format_date(moment, "medium", locale), format_time(moment, clock, locale=locale)
    person = str(get_datetime_format("medium", locale=locale)).replace("'", "").replace("{1}", day).replace("{0}", hour)
    return Markup('<time datetime="{}">{} UTC</time>').format(codec.encode_time(moment), person)


def duration(span: timedelta) -> str:
    """Write a length of time roughly: days, or hours, or minutes."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes >= 2 * 24 * 60:
        return ngettext("%(num)s day", "%(num)s days", minutes // (24 * 60))
    if minutes >= 2 * 60:
        return ngettext("%(num)s hour", "%(num)s hours", minutes // 60)
    return ngettext("%(num)s minute", "%(num)s minutes", minutes)


def number(value: int) -> str:
    """Write a whole number with the language's separators."""
    return format_decimal(value, locale=page_locale())


def percent(part: int, whole: int) -> str:
    """Write a share with one decimal; a dash where there is no whole."""
    if whole == 0:
        return "–"
    return format_percent(part / whole, format="#,##0.0%", locale=page_locale())


def size(count: int) -> str:
    """Write a number of bytes in the unit a person reads."""
    value, unit = float(count), "B"
    for larger in ("kB", "MB", "GB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    digits = "#,##0" if unit == "B" or value >= 100 else "#,##0.0"
    return f"{format_decimal(value, format=digits, locale=page_locale())} {unit}"


def printable(typed: str | None) -> str:
    """Return what somebody typed without control characters (a database may refuse them) and spaces around it."""
    return "".join(character for character in typed or "" if character.isprintable()).strip()


def register(app: Flask) -> None:
    """Give every template of an application these filters."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.filters.update(
        localized=localized, when=when, exactly=exactly, duration=duration, number=number, percent_of=percent, size=size
    )
