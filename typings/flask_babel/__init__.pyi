# What this project uses of Flask-Babel 4.0, which ships no types.
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from babel import Locale
from flask import Flask

class Babel:
    def __init__(
        self,
        app: Flask | None = None,
        *,
        default_locale: str = "en",
        default_timezone: str = "UTC",
        default_translation_directories: str = "translations",
        locale_selector: Callable[[], str | None] | None = None,
        timezone_selector: Callable[[], str | None] | None = None,
    ) -> None: ...

def get_locale() -> Locale | None: ...
def gettext(string: str, **variables: Any) -> str: ...
def ngettext(singular: str, plural: str, num: int, **variables: Any) -> str: ...
def lazy_gettext(string: str, **variables: Any) -> Any: ...
def format_datetime(datetime: datetime | None = None, format: str | None = None, rebase: bool = True) -> str: ...
def format_date(date: date | None = None, format: str | None = None, rebase: bool = True) -> str: ...
def force_locale(locale: str) -> Any: ...
