"""The officials' site: who may do what, sign-in, the log of what they do, making and conducting elections."""

from flask import Flask

from evote.admin import account, home, log, sign_in
from evote.admin.blueprint import admin

__all__ = ["account", "home", "log", "register", "sign_in"]


def register(app: Flask) -> None:
    """Give an application the officials' site."""
    app.register_blueprint(admin)
