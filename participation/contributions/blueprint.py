"""The blueprint of contributions."""

from flask import Blueprint

contributions = Blueprint("contributions", __name__, url_prefix="/contributions")
WRITES = "60 per hour"
