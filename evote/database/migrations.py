"""Bring the database to the present schema (Alembic, without its ini file)."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from evote.database import Database, translated_errors
from evote.errors import Unavailable

FOLDER = Path(__file__).parents[2] / "migrations"


def migrate(database: Database, revision: str = "head") -> None:
    """Upgrade to `revision`; nothing happens when the schema is there already."""
    _run(database, command.upgrade, revision)


def downgrade(database: Database, revision: str) -> None:
    """Go back to `revision` (`base`: an empty database)."""
    _run(database, command.downgrade, revision)


def check_schema(database: Database) -> None:
    """Refuse to work on a database whose schema is not this program's.

    Raises:
        Unavailable: It was never migrated, or by another version.
    """
    with translated_errors(), database.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    wanted = ScriptDirectory(str(FOLDER)).get_current_head()
    if found != wanted:
        raise Unavailable(
            "The database has schema %(found)s, this program needs %(wanted)s. Run `python -m evote init`.",
            found=found or "none",
            wanted=wanted,
        )


def make_revision(database: Database, message: str, revision: str) -> None:
    """Write a new migration from the difference between models and database (for developers)."""
    with database.engine.connect() as connection:
        command.revision(_config(connection), message, autogenerate=True, rev_id=revision)


def check_models(database: Database) -> None:
    """Raise Alembic's error when models and migrations differ."""
    with database.engine.connect() as connection:
        command.check(_config(connection))


def _config(connection: object) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _run(database: Database, what: object, revision: str) -> None:
    assert callable(what)
    with translated_errors(), database.engine.begin() as connection:
        what(_config(connection), revision)
