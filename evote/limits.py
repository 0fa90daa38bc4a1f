"""How often one address, or one voter, may ask for what could be abused.

Whole neighbourhoods share an address, so its limits only keep off machines; what protects a voter's login is counted
for each voter in the database (`evote.accounts.codes`).
"""

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user

limiter = Limiter(key_func=get_remote_address, headers_enabled=True)


def voter_or_address() -> str:
    """Count for each voter who is logged in, else for the address."""
    return str(current_user.get_id() or get_remote_address())


CODE_REQUESTS = "60 per minute; 1000 per hour"
LOGINS = "120 per minute; 2000 per hour"
CASTS = "60 per minute"
AUDITS = "20 per minute"
HANDED_IN = "120 per minute"
OFFICIAL_SIGN_INS = "10 per minute; 60 per hour"
