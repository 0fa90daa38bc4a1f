"""Petitions, consultations and the answers that are owed: rules, rows and pages of their own, beside the elections.

The host gives what is needed through `participation.ports`; nothing here imports it, or knows a vote.
"""

from flask import Flask

from participation.ports import EXTENSION, Ports


def register(app: Flask, ports: Ports) -> None:
    """Give an application participation's pages."""
    from participation.features import BLUEPRINTS

    app.extensions[EXTENSION] = ports
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
