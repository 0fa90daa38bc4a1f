"""All settings. The environment is read here and nowhere else."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from evote.errors import SettingsError

SHORTEST_SECRET = 32
_OIDC = ("ISSUER", "CLIENT_ID", "CLIENT_SECRET_FILE", "NAME", "CLAIM", "MATCH", "SCOPE", "ACR", "AMR")
_YES = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}


@dataclass(frozen=True)
class Smtp:
    """Where mail is handed over."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    starttls: bool = True


@dataclass(frozen=True)
class Oidc:
    """An identity provider with which voters may sign in.

    Attributes:
        issuer: Its address, exactly as it names itself.
        name: For people, on the button.
        claim: Which claim of the ID token names the voter; `email` where `match` is `mail`.
        match: With what it is compared: `id`, the voter id of the roll, or `mail`, the mail address there.
        scope: What is asked of the provider.
        prompt: What the provider shall ask of somebody who is signed in there already; empty for nothing.
        acr, amr: How people must have signed in; one of each that is given must be in the ID token.
    """

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    name: str = ""
    claim: str = "sub"
    match: str = "id"
    scope: str = "openid"
    prompt: str = "login"
    acr: tuple[str, ...] = ()
    amr: tuple[str, ...] = ()


@dataclass(frozen=True)
class Settings:
    """What the operator decides.

    Attributes:
        data_dir: Folder of the board key and, by default, of the database and the secret.
        database_url: SQLAlchemy address; SQLite or PostgreSQL.
        secret_key: At least 32 bytes; hashes one-time codes and signs forms.
        base_url: The address under which people reach the site, without a slash at the end.
        demo: Mail stays in a local outbox that anybody may read; secrets are made as needed.
        allow_test_keys: Accept moduli under 2,048 bits. Never in earnest.
        proxies: How many reverse proxies in front are trusted to name the client's address.
        limits_storage: Where request counts are kept, for Flask-Limiter (`memory://` or `redis://…`).
        batch: Most ballots that the sequencer checks and logs at once.
        poll_seconds: How long the sequencer rests when the queue is empty.
        time_zone: In which pages write times, like Asia/Tehran.
        participation_rules: A TOML file of rules for petitions and the rest (docs/participation.md); or defaults.
        mail_rate: Most mails of mailings that are sent in a second; 0 for no bound. Codes are not held back.
        contact: Whom voters may ask: a mail address, a telephone number, an office; as people shall read it.
        oidc: An identity provider with which voters may sign in, beside mailed codes.
        source_url: Where people get the source code that runs here, as its licence demands.
    """

    data_dir: Path
    database_url: str
    secret_key: bytes = field(repr=False)
    board_key_file: Path
    base_url: str = "http://127.0.0.1:8000"
    demo: bool = False
    allow_test_keys: bool = False
    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 8
    workers: int = 1
    proxies: int = 0
    limits_storage: str = "memory://"
    rate_limits: bool = True
    smtp: Smtp | None = None
    mail_rate: int = 0
    batch: int = 512
    poll_seconds: float = 0.1
    source_url: str = ""
    time_zone: str = "UTC"
    contact: str = ""
    participation_rules: Path | None = None
    oidc: Oidc | None = None

    @property
    def secure(self) -> bool:
        """Whether people reach the site over TLS."""
        return self.base_url.startswith("https://")

    @property
    def site(self) -> str:
        """The site's host and path without the scheme: the first part of every log's origin."""
        return self.base_url.split("://", 1)[1]

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the settings.

        Raises:
            SettingsError: A secret is missing or a value makes no sense; the text names the variable.
        """
        demo = _flag(environment, "EVOTE_DEMO")
        data_dir = _data_dir(environment)
        return cls(
            data_dir=data_dir,
            database_url=_database_url(environment, data_dir),
            secret_key=_secret_key(environment, data_dir, demo),
            board_key_file=Path(environment.get("EVOTE_BOARD_KEY_FILE") or data_dir / "board.key"),
            base_url=_base_url(environment),
            demo=demo,
            allow_test_keys=_flag(environment, "EVOTE_ALLOW_TEST_KEYS"),
            host=environment.get("EVOTE_HOST", "127.0.0.1"),
            port=_number(environment, "EVOTE_PORT", 8000, 0, 65535),
            threads=_number(environment, "EVOTE_THREADS", 8, 1, 512),
            workers=_number(environment, "EVOTE_WORKERS", 1, 1, 128),
            proxies=_number(environment, "EVOTE_PROXIES", 0, 0, 10),
            limits_storage=environment.get("EVOTE_LIMITS_STORAGE", "memory://"),
            rate_limits=not _flag(environment, "EVOTE_NO_RATE_LIMITS"),
            smtp=_smtp(environment),
            oidc=_oidc(environment),
            mail_rate=_number(environment, "EVOTE_MAIL_RATE", 0, 0, 10_000),
            source_url=environment.get("EVOTE_SOURCE_URL", ""),
            contact=environment.get("EVOTE_CONTACT", "").strip(),
            time_zone=_time_zone(environment),
            participation_rules=_optional_path(environment, "EVOTE_PARTICIPATION_RULES"),
            batch=_number(environment, "EVOTE_BATCH", 512, 1, 16384),
        )


def _time_zone(environment: Mapping[str, str]) -> str:
    name = environment.get("EVOTE_TIME_ZONE") or "UTC"
    if name not in available_timezones():
        raise SettingsError(f"EVOTE_TIME_ZONE is {name!r}. Set it to a time zone's name, like Asia/Tehran or UTC.")
    return name


def _optional_path(environment: Mapping[str, str], name: str) -> Path | None:
    text = environment.get(name, "").strip()
    return Path(text) if text else None


def _flag(environment: Mapping[str, str], name: str) -> bool:
    value = environment.get(name, "").strip().lower()
    if value not in _YES:
        raise SettingsError(f"{name} is {value!r}. Set it to 1 or 0.")
    return _YES[value]


def _number(environment: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = environment.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise SettingsError(f"{name} is {text!r}. Set it to a whole number from {least} to {most}.")
    return int(text)


def _database_url(environment: Mapping[str, str], data_dir: Path) -> str:
    url = environment.get("EVOTE_DATABASE_URL") or f"sqlite:///{data_dir / 'evote.sqlite3'}"
    scheme = url.split(":", 1)[0].split("+", 1)[0]
    if scheme not in ("sqlite", "postgresql"):
        raise SettingsError("EVOTE_DATABASE_URL must start with sqlite:/// or postgresql://.")
    if scheme == "sqlite" and (url.endswith("://") or ":memory:" in url):
        raise SettingsError("EVOTE_DATABASE_URL must name a file: a database in memory would not survive a restart.")
    return url


def _base_url(environment: Mapping[str, str]) -> str:
    default = f"http://127.0.0.1:{environment.get('EVOTE_PORT', '').strip() or 8000}"
    url = (environment.get("EVOTE_BASE_URL") or default).rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment or " " in url:
        raise SettingsError(f"EVOTE_BASE_URL is {url!r}. Set it to the site's address, like https://vote.example.org.")
    return url


def _secret_key(environment: Mapping[str, str], data_dir: Path, demo: bool) -> bytes:
    text = environment.get("EVOTE_SECRET_KEY", "")
    file = _secret_file(environment, data_dir)
    if not text and demo and not file.exists():
        make_secret(environment)
    if not text:
        if not file.exists():
            raise SettingsError(
                f"No secret key: EVOTE_SECRET_KEY is not set and {file} does not exist. "
                "Run `python -m evote init --make-secret` once, or set EVOTE_SECRET_KEY_FILE."
            )
        text = file.read_text(encoding="utf-8").strip()
    if len(text.encode()) < SHORTEST_SECRET:
        raise SettingsError(f"The secret key is too short: it needs at least {SHORTEST_SECRET} bytes.")
    return text.encode()


def make_secret(environment: Mapping[str, str]) -> Path:
    """Make the secret key's file and return where it is.

    Raises:
        SettingsError: There is one already.
    """
    file = _secret_file(environment, _data_dir(environment))
    write_secret(file, secrets.token_urlsafe(SHORTEST_SECRET).encode("ascii"))
    return file


def _data_dir(environment: Mapping[str, str]) -> Path:
    return Path(environment.get("EVOTE_DATA_DIR") or "instance").absolute()


def _secret_file(environment: Mapping[str, str], data_dir: Path) -> Path:
    named = environment.get("EVOTE_SECRET_KEY_FILE", "")
    return Path(named) if named else data_dir / "secret.key"


def _smtp(environment: Mapping[str, str]) -> Smtp | None:
    host = environment.get("EVOTE_SMTP_HOST", "")
    if not host:
        return None
    password_file = environment.get("EVOTE_SMTP_PASSWORD_FILE", "")
    sender = environment.get("EVOTE_SMTP_SENDER", "")
    if "@" not in sender:
        raise SettingsError("EVOTE_SMTP_SENDER must be the address that mail comes from, like vote@example.org.")
    return Smtp(
        host=host,
        port=_number(environment, "EVOTE_SMTP_PORT", 587, 1, 65535),
        sender=sender,
        user=environment.get("EVOTE_SMTP_USER", ""),
        password=Path(password_file).read_text(encoding="utf-8").strip() if password_file else "",
        starttls=not _flag(environment, "EVOTE_SMTP_PLAIN"),
    )


def _oidc(environment: Mapping[str, str]) -> Oidc | None:
    given = {name: environment.get(f"EVOTE_OIDC_{name}", "").strip() for name in _OIDC}
    issuer, client_id = given["ISSUER"], given["CLIENT_ID"]
    if not issuer:
        return None
    parts = urlsplit(issuer)
    if not parts.netloc or not (parts.scheme == "https" or (parts.scheme == "http" and _is_here(parts.hostname))):
        raise SettingsError(f"EVOTE_OIDC_ISSUER is {issuer!r}. Set it to the provider's https:// address.")
    if not client_id:
        raise SettingsError("EVOTE_OIDC_CLIENT_ID is missing: the provider gives it when you register this site.")
    match = given["MATCH"] or "id"
    claim = given["CLAIM"] or ("email" if match == "mail" else "sub")
    if match not in ("id", "mail"):
        raise SettingsError(f"EVOTE_OIDC_MATCH is {match!r}. Set it to id or mail.")
    if match == "mail" and claim != "email":
        raise SettingsError(
            f"EVOTE_OIDC_CLAIM is {claim!r}, and EVOTE_OIDC_MATCH is mail. Leave EVOTE_OIDC_CLAIM out: only of the "
            "claim email does a provider say whether it is verified."
        )
    secret_file = given["CLIENT_SECRET_FILE"]
    return Oidc(
        issuer=issuer,
        client_id=client_id,
        client_secret=Path(secret_file).read_text(encoding="utf-8").strip() if secret_file else "",
        name=given["NAME"] or parts.netloc,
        claim=claim,
        match=match,
        scope=given["SCOPE"] or ("openid email" if claim == "email" or match == "mail" else "openid"),
        prompt=environment.get("EVOTE_OIDC_PROMPT", "login").strip(),
        acr=tuple(given["ACR"].split()),
        amr=tuple(given["AMR"].split()),
    )


def _is_here(host: str | None) -> bool:
    return host in ("localhost", "127.0.0.1")


def write_secret(file: Path, content: bytes) -> None:
    """Write a new file that only its owner can read; never overwrite one.

    Raises:
        SettingsError: The file exists already.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise SettingsError(f"{file} exists already. Move it away first if you mean to replace it.") from None
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
