"""The public pages: elections, board, result, record and explanations. They read; they change nothing but a login."""

from flask import Flask

from evote.pages import (
    about,
    board,
    elections,
    filters,
    login,
    problems,
    record,
    result,
    social,
    verify,
    voters_help,
    widget,
)
from evote.pages.blueprint import pages

__all__ = [
    "about",
    "board",
    "elections",
    "login",
    "problems",
    "record",
    "register",
    "result",
    "social",
    "verify",
    "voters_help",
    "widget",
]


def register(app: Flask) -> None:
    """Give an application the public pages, every template its filters, and every error its page."""
    filters.register(app)
    app.register_blueprint(pages)
    problems.register(app)
