"""Settings: from the environment alone, and a missing secret refuses to start."""

from pathlib import Path

import pytest

from evote.errors import SettingsError
from evote.services import build_services, make_board_key
from evote.settings import Oidc, Settings

GOOD = {"EVOTE_SECRET_KEY": "x" * 32}


def test_a_missing_secret_refuses_to_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="init --make-secret"):
        Settings.from_environment({"EVOTE_DATA_DIR": str(tmp_path)})
    with pytest.raises(SettingsError, match="too short"):
        Settings.from_environment({"EVOTE_SECRET_KEY": "short"})


def test_demo_mode_makes_its_own_secret_once_for_its_owner_only(tmp_path: Path) -> None:
    environment = {"EVOTE_DATA_DIR": str(tmp_path / "demo"), "EVOTE_DEMO": "1"}
    first, second = Settings.from_environment(environment), Settings.from_environment(environment)
    assert first.secret_key == second.secret_key
    assert (tmp_path / "demo" / "secret.key").stat().st_mode & 0o777 == 0o600


def test_a_missing_or_damaged_board_key_refuses_to_start(tmp_path: Path) -> None:
    settings = Settings.from_environment({**GOOD, "EVOTE_DATA_DIR": str(tmp_path)})
    with pytest.raises(SettingsError, match="evote init"):
        build_services(settings)
    assert make_board_key(settings)
    assert not make_board_key(settings)
    assert settings.board_key_file.stat().st_mode & 0o777 == 0o600
    settings.board_key_file.write_bytes(b"short")
    with pytest.raises(SettingsError, match="damaged"):
        build_services(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EVOTE_DEMO", "maybe"),
        ("EVOTE_PORT", "80000"),
        ("EVOTE_THREADS", "0"),
        ("EVOTE_PROXIES", "-1"),
        ("EVOTE_DATABASE_URL", "mysql://x"),
        ("EVOTE_DATABASE_URL", "sqlite://"),
        ("EVOTE_DATABASE_URL", "sqlite:///:memory:"),
        ("EVOTE_BASE_URL", "vote.example"),
        ("EVOTE_BASE_URL", "ftp://vote.example"),
    ],
)
def test_a_wrong_value_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment({**GOOD, name: value})


def test_mail_needs_a_sender() -> None:
    with pytest.raises(SettingsError, match="EVOTE_SMTP_SENDER"):
        Settings.from_environment({**GOOD, "EVOTE_SMTP_HOST": "mail.example"})


def test_secrets_are_not_shown() -> None:
    assert "xxxx" not in repr(Settings.from_environment(GOOD))


def test_an_identity_provider(tmp_path: Path) -> None:
    assert Settings.from_environment(GOOD).oidc is None
    secret = tmp_path / "client.secret"
    secret.write_text("word\n", encoding="utf-8")
    given = {"EVOTE_OIDC_ISSUER": "https://id.example", "EVOTE_OIDC_CLIENT_ID": "evote", "EVOTE_OIDC_ACR": "a b"}
    made = Settings.from_environment({**GOOD, **given, "EVOTE_OIDC_CLIENT_SECRET_FILE": str(secret)}).oidc
    assert made == Oidc("https://id.example", "evote", "word", "id.example", acr=("a", "b"))
    assert made.prompt == "login"
    silent = Settings.from_environment({**GOOD, **given, "EVOTE_OIDC_PROMPT": ""}).oidc
    assert silent is not None
    assert silent.prompt == ""
    assert "word" not in repr(made)
    by_mail = Settings.from_environment({**GOOD, **given, "EVOTE_OIDC_MATCH": "mail"}).oidc
    assert by_mail is not None
    assert (by_mail.claim, by_mail.scope) == ("email", "openid email")
    unverified = {**GOOD, **given, "EVOTE_OIDC_MATCH": "mail", "EVOTE_OIDC_CLAIM": "contact"}
    with pytest.raises(SettingsError, match="EVOTE_OIDC_CLAIM"):
        Settings.from_environment(unverified)
    for name, value in (("ISSUER", "http://id.example"), ("ISSUER", "id"), ("CLIENT_ID", ""), ("MATCH", "name")):
        with pytest.raises(SettingsError, match=f"EVOTE_OIDC_{name}"):
            Settings.from_environment({**GOOD, **given, f"EVOTE_OIDC_{name}": value})
