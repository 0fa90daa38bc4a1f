"""One identity provider, spoken to as OpenID Connect Core 1.0 says: authorization code, PKCE with S256, nonce.

Nothing here knows of elections, voters, Flask or the database. What is random comes in as arguments.
"""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key
from joserfc.jws import JWSRegistry, extract_compact
from joserfc.jwt import Token

from evote.accounts.identity import CANCELLED, REFUSED, UNREACHABLE, UNTRUSTED, WEAK, Identity, ProviderProblem
from evote.settings import Oidc

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures with a public key only: no `none`, and no HMAC, whose key the client would share."""
CLOCK_SKEW = timedelta(seconds=60)
_KEPT = timedelta(hours=1)
_PATIENCE = timedelta(seconds=30)
"""Keys are asked for anew at most this often, however many tokens name unknown ones."""
_REST = timedelta(seconds=10)
"""For so long a provider that did not answer is not asked again."""
_TIMEOUT_SECONDS = 5.0
_MOST_KEYS = 50
_CONFIGURATION = "/.well-known/openid-configuration"


@dataclass
class _Kept:
    """What the provider publishes, until it is asked for again."""

    metadata: dict[str, Any]
    until: datetime
    keys: dict[str, Any] | None = None
    keys_from: datetime | None = None


class Provider:
    """The provider that the settings name; one object a process, used by many threads."""

    def __init__(self, settings: Oidc, redirect_uri: str) -> None:
        self.settings = settings
        self._redirect_uri = redirect_uri
        self._kept: _Kept | None = None
        self._silent_until: datetime | None = None
        self._lock = threading.Lock()

    def begin(self, state: str, nonce: str, verifier: str, language: str, now: datetime) -> str:
        """Return the address at which somebody signs in.

        Args:
            state: Comes back with the answer.
            nonce: Will stand in the ID token.
            verifier: PKCE's; only its hash goes out now (RFC 7636).
            language: That the provider should speak, if it can.
            now: The present.

        Raises:
            ProviderProblem: The provider cannot be reached, or is not what the settings say.
        """
        wanted = {"acr_values": " ".join(self.settings.acr), "prompt": self.settings.prompt}
        more = {name: value for name, value in wanted.items() if value}
        address: str = prepare_grant_uri(
            self._endpoint(self._metadata(now), "authorization_endpoint"),
            client_id=self.settings.client_id,
            response_type="code",
            redirect_uri=self._redirect_uri,
            scope=self.settings.scope,
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
            ui_locales=language,
            **more,
        )
        return address

    def finish(self, answer: Mapping[str, str], nonce: str, verifier: str, now: datetime) -> Identity:
        """Return who signed in.

        Args:
            answer: The query with which the browser came back; the caller has checked its state.
            nonce: That of `begin`.
            verifier: That of `begin`.
            now: The present.

        Raises:
            ProviderProblem: Whatever was not as it must be.
        """
        if answer.get("iss", self.settings.issuer) != self.settings.issuer:  # RFC 9207
            raise ProviderProblem(UNTRUSTED, "the answer names another issuer")
        if "error" in answer:
            kind = CANCELLED if answer["error"] == "access_denied" else REFUSED
            raise ProviderProblem(kind, "the provider refused")
        if not answer.get("code"):
            raise ProviderProblem(REFUSED, "the answer holds no code")
        metadata = self._metadata(now)
        tokens = self._exchange(metadata, answer["code"], verifier)
        claims = self._read(metadata, tokens, nonce, now)
        if self.settings.acr and claims.get("acr") not in self.settings.acr:
            raise ProviderProblem(WEAK, "acr is not one of those demanded")
        if self.settings.amr and not set(self.settings.amr) & set(_texts(claims.get("amr"))):
            raise ProviderProblem(WEAK, "amr has none of those demanded")
        return Identity(self.settings.issuer, claims["sub"], claims)

    def _exchange(self, metadata: Mapping[str, Any], code: str, verifier: str) -> dict[str, Any]:
        """Trade the code for tokens, at the provider, over TLS."""
        address = self._endpoint(metadata, "token_endpoint")
        known = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        method = "client_secret_basic" if "client_secret_basic" in known else "client_secret_post"
        client = ClientAuth(self.settings.client_id, self.settings.client_secret, method)
        if not self.settings.client_secret:
            client = ClientAuth(self.settings.client_id, "", "none")
        body = prepare_token_request("authorization_code", "", self._redirect_uri, code=code, code_verifier=verifier)
        form = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        uri, headers, body = client.prepare("POST", address, form, body)
        tokens = self._ask("POST", uri, headers=headers, content=body, refusal=REFUSED)
        if not isinstance(tokens.get("id_token"), str):
            raise ProviderProblem(UNTRUSTED, "the provider gave no ID token")
        return tokens

    def _read(self, metadata: Mapping[str, Any], tokens: Mapping[str, Any], nonce: str, now: datetime) -> CodeIDToken:
        """Check signature, issuer, audience, times and nonce of the ID token (OpenID Connect Core, 3.1.3.7)."""
        offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
        registry = JWSRegistry(algorithms=[one for one in ALGORITHMS if one in offered], strict_check_header=False)
        token = _verified(tokens["id_token"], self._keys(metadata, now), registry)
        if token is None:  # perhaps the provider has changed its keys
            token = _verified(tokens["id_token"], self._keys(metadata, now, anew=True), registry)
        if token is None:
            raise ProviderProblem(UNTRUSTED, "signature: none of the provider's keys fits")
        claims = CodeIDToken(
            token.claims,
            token.header,
            {
                "iss": {"essential": True, "value": self.settings.issuer},
                "aud": {"essential": True, "value": self.settings.client_id},
            },
            {"nonce": nonce, "client_id": self.settings.client_id, "access_token": tokens.get("access_token")},
        )
        try:
            claims.validate(now=int(now.timestamp()), leeway=int(CLOCK_SKEW.total_seconds()))
        except (JoseError, AuthlibBaseError, ValueError, TypeError) as error:
            raise ProviderProblem(UNTRUSTED, f"ID token: {_reason(error)}") from None
        if not isinstance(claims["sub"], str) or not claims["sub"]:
            raise ProviderProblem(UNTRUSTED, "ID token: sub is no text")
        return claims

    def _metadata(self, now: datetime) -> dict[str, Any]:
        """Return what the provider publishes about itself, at most an hour old."""
        with self._lock:
            if self._kept is None or self._kept.until <= now:
                if self._silent_until and now < self._silent_until:
                    raise ProviderProblem(UNREACHABLE, "it did not answer a moment ago")
                self._silent_until = now + _REST  # while nobody answers, not every thread shall wait for it
                metadata = self._ask("GET", self.settings.issuer.rstrip("/") + _CONFIGURATION)
                self._silent_until = None
                if metadata.get("issuer") != self.settings.issuer:
                    raise ProviderProblem(UNTRUSTED, "the configuration names another issuer")
                self._kept = _Kept(metadata, now + _KEPT)
            return self._kept.metadata

    def _keys(self, metadata: Mapping[str, Any], now: datetime, *, anew: bool = False) -> list[Key]:
        """Return the keys with which the provider signs; one that cannot be read does not spoil the others."""
        with self._lock:
            kept = self._kept
            assert kept is not None
            old = kept.keys_from is None or now - kept.keys_from >= _PATIENCE
            if kept.keys is None or (anew and old):
                kept.keys, kept.keys_from = self._ask("GET", self._endpoint(metadata, "jwks_uri")), now
            return list(filter(None, map(_key, _list(kept.keys.get("keys")))))

    def _endpoint(self, metadata: Mapping[str, Any], name: str) -> str:
        address = metadata.get(name)
        if not isinstance(address, str) or urlsplit(address).scheme != urlsplit(self.settings.issuer).scheme:
            raise ProviderProblem(UNTRUSTED, f"the configuration has no usable {name}")
        return address

    def _ask(self, method: str, address: str, *, refusal: str = UNREACHABLE, **more: Any) -> dict[str, Any]:
        """Send a request and return the JSON object that comes back; redirects are not followed."""
        began = time.monotonic()
        try:
            response = httpx.request(method, address, timeout=_TIMEOUT_SECONDS, follow_redirects=False, **more)
            if response.status_code != httpx.codes.OK:
                kind = refusal if response.status_code < httpx.codes.INTERNAL_SERVER_ERROR else UNREACHABLE
                raise ProviderProblem(kind, f"{method} was answered with {response.status_code}")
            found = response.json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            seconds = round(time.monotonic() - began, 1)
            raise ProviderProblem(UNREACHABLE, f"{type(error).__name__} after {seconds} s") from None
        if not isinstance(found, dict):
            raise ProviderProblem(UNTRUSTED, "the answer is no JSON object")
        return found


def _verified(token: str, keys: Sequence[Key], registry: JWSRegistry) -> Token | None:
    """Return a token that one of these keys has signed: the one that it names, or any where it names none."""
    try:
        named = extract_compact(token.encode()).headers().get("kid")
    except (JoseError, ValueError):
        return None
    for key in keys:
        if named is not None and key.kid is not None and key.kid != named:
            continue
        try:
            return jwt.decode(token, key, registry=registry)
        except (JoseError, ValueError, TypeError):  # another key, or another kind of key
            continue
    return None


def _key(published: object) -> Key | None:
    if not isinstance(published, dict) or published.get("use", "sig") != "sig":
        return None
    try:
        return JWKRegistry.import_key(published)
    except (JoseError, ValueError, TypeError, KeyError):
        return None


def _list(value: object) -> Sequence[object]:
    return value[:_MOST_KEYS] if isinstance(value, list) else []


def _texts(value: object) -> Sequence[str]:
    return [one for one in _list(value) if isinstance(one, str)]


def _reason(error: Exception) -> str:
    """Name the claim that was wrong, and never its value."""
    return f"{type(error).__name__} {getattr(error, 'claim', '')}".strip()
