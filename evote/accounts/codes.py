"""Logging in with a voter id and a one-time code that is mailed.

Nobody can find out who is on the roll: for an unknown voter id the same is stored, answered and compared,
and only the mail is left out.
"""

import hashlib
import hmac
from datetime import timedelta

from flask_babel import gettext
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from evote.accounts.models import LOGIN_LENGTH, LoginCode, Voter
from evote.accounts.sessions import open_session
from evote.elections.models import DRAFT, Election
from evote.elections.queries import get_election
from evote.errors import LoginRefused, NotFound
from evote.languages import home, localized
from evote.locales.voter_ids import tidy_voter_id
from evote.mail.outbox import Mail, put_mail
from evote.services import Services

CODE_DIGITS = 8
CODE_LIFETIME = timedelta(minutes=15)
ATTEMPTS = 5
CODES_AN_HOUR = 5
_HOUR = timedelta(hours=1)


def request_code(services: Services, election_id: str, login: str) -> bool:
    """Mail a fresh one-time code to the voter, if there is one, and at most five an hour.

    Returns:
        Whether it was within the five an hour, which says nothing about who is on the roll.

    Raises:
        NotFound: There is no such election, or nobody can log in to it yet.
    """
    typed, login, now = login, _tidy(login), services.now()
    code = f"{int.from_bytes(services.random_bytes(8), 'big') % 10**CODE_DIGITS:0{CODE_DIGITS}}"
    with services.database.writing() as session:
        election = _require_election(session, election_id)
        of_login = (LoginCode.election_id == election_id, LoginCode.login == login)
        session.execute(delete(LoginCode).where(LoginCode.created_at < now - _HOUR))
        recent = session.scalar(select(func.count()).select_from(LoginCode).where(*of_login)) or 0
        if recent >= CODES_AN_HOUR:
            return False
        session.add(
            LoginCode(
                election_id=election_id,
                login=login,
                code_hash=_hash(services, election_id, login, code),
                attempts_left=ATTEMPTS,
                created_at=now,
                expires_at=now + CODE_LIFETIME,
            )
        )
        voter = _find_voter(session, election_id, typed)
        mail = _letter(services, session, election, voter.mail if voter else "", code)
        if voter is not None:
            put_mail(session, services, mail, CODE_LIFETIME)
    return True


def log_in(services: Services, election_id: str, login: str, code: str) -> str:
    """Use up a code and open a session; returns the session's secret token.

    Raises:
        NotFound: There is no such election, or nobody can log in to it yet.
        LoginRefused: Id and code do not belong together, or the code is old or used up; which of them is said only to
            who has a right code, so that nobody learns who is on the roll.
    """
    typed, login, now = login, _tidy(login), services.now()
    digits = "".join(character for character in code if character.isdecimal())
    digits = "".join(str(int(digit)) for digit in digits[: CODE_DIGITS + 1])  # Persian and Arabic digits too
    with services.database.writing() as session:
        _require_election(session, election_id)
        voter = _find_voter(session, election_id, typed)
        given = _hash(services, election_id, login, digits)
        # A code asked for later does not cancel an earlier one: else anybody could keep a voter out by asking.
        codes = select(LoginCode).where(LoginCode.election_id == election_id, LoginCode.login == login)
        usable = session.scalars(
            codes.where(LoginCode.expires_at > now, LoginCode.attempts_left > 0)
            .order_by(LoginCode.id.desc())
            .with_for_update()
        ).all()
        fitting = [row for row in usable if hmac.compare_digest(given, row.code_hash)]
        if fitting and voter is not None:
            fitting[0].attempts_left = 0
            return open_session(session, services, voter)
        if usable:
            usable[0].attempts_left -= 1
        spent = not fitting and session.scalar(codes.where(LoginCode.code_hash == given).limit(1)) is not None
    if spent:
        raise LoginRefused(
            gettext("This code was right, but it is older than a quarter of an hour or was used. Ask for a new one.")
        )
    raise LoginRefused(
        gettext("Voter id and code do not belong together, or the code is used up. Check both, or ask for a new code.")
    )


def log_in_identified(services: Services, election_id: str, login: str, mail: str = "") -> str:
    """Open a session for somebody whom an identity provider vouches for; returns its secret token.

    Args:
        services: The application's parts.
        election_id: Which election.
        login: The voter id, compared to the letter: a person types an id, a provider states it (OpenID Connect Core,
            5.7). Empty to go by the mail address.
        mail: The mail address, whose owner the provider has verified.

    Raises:
        NotFound: There is no such election, or nobody can log in to it yet.
        LoginRefused: Nobody of this name is on its roll, or several share the mail address.
    """
    with services.database.writing() as session:
        _require_election(session, election_id)
        same = Voter.login == login if login else func.lower(Voter.mail) == mail.lower()
        query = select(Voter).where(Voter.election_id == election_id, same).limit(2)
        stated = login or mail
        found = list(session.scalars(query)) if stated and "\0" not in stated else []  # PostgreSQL takes no NUL
        if len(found) == 1:
            return open_session(session, services, found[0])
    if found:
        raise LoginRefused(
            gettext("Several voters share your mail address. Log in with your voter id and a mailed code instead.")
        )
    raise LoginRefused(
        gettext(
            "You are signed in, but you are not on the roll of this election under that name. "
            "If you think that you should be, ask the registrar; nobody was logged in."
        )
    )


def _require_election(session: Session, election_id: str) -> Election:
    election = session.get(Election, election_id)
    if election is None or election.state == DRAFT:
        raise NotFound("There is no such election.")
    return election


def _find_voter(session: Session, election_id: str, typed: str) -> Voter | None:
    """Return whose voter id this is: as it was typed, or else in the one spelling that registrars' files have."""
    exact = _plain(typed)
    query = select(Voter).where(Voter.election_id == election_id, Voter.login.in_({exact, _tidy(typed)}))
    return min(session.scalars(query), key=lambda voter: voter.login != exact, default=None)


def _tidy(login: str) -> str:
    """Return a voter id in one spelling, however it was typed."""
    return tidy_voter_id(_plain(login))


def _plain(login: str) -> str:
    """Return a voter id as a database takes it: PostgreSQL takes no NUL."""
    return login.replace("\0", "").strip()[:LOGIN_LENGTH]


def _hash(services: Services, election_id: str, login: str, code: str) -> str:
    content = "\n".join((election_id, login, code)).encode()
    return hmac.new(services.settings.secret_key, b"login code\n" + content, hashlib.sha256).hexdigest()


def _letter(services: Services, session: Session, election: Election, to: str, code: str) -> Mail:
    title = get_election(session, election.id).summary.title
    minutes = int(CODE_LIFETIME.total_seconds() // 60)
    text = gettext(
        "Your one-time code for “%(title)s” is:\n\n%(code)s\n\n"
        "It works once, for %(minutes)s minutes, on the page where you asked for it. "
        "Nobody from the election will ever ask you for it, nor for the secret code from your letter.\n\n"
        "If you did not ask for a code, you need not do anything.",
        title=localized(title),
        code=f"{code[:4]} {code[4:]}",
        minutes=minutes,
    )
    return Mail(to, gettext("Your one-time code"), text + f"\n\n{home(services.settings.base_url)}\n", services.now())
