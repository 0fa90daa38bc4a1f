"""How often one address may ask for what could be abused."""

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, headers_enabled=True)

CODE_REQUESTS = "10 per minute; 60 per hour"
LOGINS = "20 per minute; 200 per hour"
CASTS = "60 per minute"
AUDITS = "20 per minute"
HANDED_IN = "120 per minute"
