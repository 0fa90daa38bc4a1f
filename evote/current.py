"""The services of the application that answers the present request."""

from typing import cast

from flask import current_app

from evote.services import Services

EXTENSION = "evote"


def current_services() -> Services:
    """Return the present application's services."""
    return cast(Services, current_app.extensions[EXTENSION])
