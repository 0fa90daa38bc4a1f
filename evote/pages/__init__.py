"""The public pages: elections, board, result, record and explanations. They read; they change nothing but a login."""

from flask import Flask

from evote.pages import about, board, elections, filters, login, record, result
from evote.pages.blueprint import pages

__all__ = ["about", "board", "elections", "init_pages", "login", "record", "result"]


def init_pages(app: Flask) -> None:
    """Give an application the public pages and every template its filters."""
    filters.register(app)
    app.register_blueprint(pages)
