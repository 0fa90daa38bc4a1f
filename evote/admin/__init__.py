"""The officials' site: who may do what, sign-in, the log of what they do, making and conducting elections."""

from flask import Flask

from evote.admin import (
    account,
    appointing,
    booth_preview,
    conducting,
    contests,
    corrections,
    counting,
    files,
    home,
    live,
    log,
    mailings,
    mailings_sending,
    mailings_unreached,
    making,
    my_account,
    option_media,
    passkey_answers,
    sign_in,
    signing,
    writing,
)
from evote.admin.blueprint import admin

__all__ = [
    "account",
    "appointing",
    "booth_preview",
    "conducting",
    "contests",
    "corrections",
    "counting",
    "files",
    "home",
    "live",
    "log",
    "mailings",
    "mailings_sending",
    "mailings_unreached",
    "making",
    "my_account",
    "option_media",
    "passkey_answers",
    "register",
    "sign_in",
    "signing",
    "writing",
]


def register(app: Flask) -> None:
    """Give an application the officials' site."""
    app.register_blueprint(admin)
