"""The booth: everything in it happens in the browser (`static/js/booth`); the server only hands it out."""

from flask import Flask

from evote.booth.routes import blueprint

__all__ = ["register"]


def register(app: Flask) -> None:
    """Give an application the booth."""
    app.register_blueprint(blueprint)
