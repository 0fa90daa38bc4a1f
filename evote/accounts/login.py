"""Flask-Login's part: the cookie holds a session token, and each request looks up whose it is."""

from flask import Flask
from flask_babel import gettext
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from evote.accounts.sessions import LoggedIn, close_session, find_session
from evote.current import current_services
from evote.errors import NotLoggedIn


class SessionUser(UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    """A voter as Flask-Login knows one."""

    def __init__(self, token: str, voter: LoggedIn) -> None:
        self.token = token
        self.voter = voter

    def get_id(self) -> str:
        """Return what the cookie holds."""
        return self.token


def init_login(app: Flask) -> None:
    """Connect Flask-Login."""
    manager = LoginManager()
    manager.user_loader(_load)
    manager.init_app(app)


def begin(token: str) -> LoggedIn:
    """Log the browser in with a fresh session token."""
    user = _load(token)
    if user is None:
        raise NotLoggedIn(gettext("The login has ended. Please log in again."))
    login_user(user)
    return user.voter


def end() -> None:
    """Log the browser out and revoke its token."""
    if current_user.is_authenticated:
        close_session(current_services(), current_user.token)
    logout_user()


def voter_of(election_id: str) -> LoggedIn | None:
    """Return who is logged in to this election, or nobody."""
    if not current_user.is_authenticated or current_user.voter.election_id != election_id:
        return None
    voter: LoggedIn = current_user.voter
    return voter


def require_voter(election_id: str) -> LoggedIn:
    """Return who is logged in to this election.

    Raises:
        NotLoggedIn: Nobody is.
    """
    voter = voter_of(election_id)
    if voter is None:
        raise NotLoggedIn(gettext("Log in to this election with your voter id and a one-time code first."))
    return voter


def _load(token: str) -> SessionUser | None:
    voter = find_session(current_services(), token)
    return None if voter is None else SessionUser(token, voter)
