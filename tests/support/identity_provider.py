"""A small identity provider of the tests' own: real HTTP, real signatures, and every lie that a forger could tell."""

import base64
import hashlib
import json
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import httpx
from flask import Flask, Response, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from joserfc.jws import JWSRegistry
from werkzeug.serving import make_server

from tests.support.browser import free_port

CLIENT_ID, CLIENT_SECRET = "evote-tests", "secret of the client"


def new_key(kid: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})


@dataclass
class IdentityProvider:
    """Signs whoever asks in as `subject`, at once.

    Attributes:
        claims: Put over those of the next ID tokens; None takes one out.
        published: Other keys, published before its own.
        signing: Signs instead of the published key; `header` goes over the token's.
        answer: Put over the query that leads the browser back.
        broken: Endpoints that answer 500.
        asked: Which endpoints were asked, in order.
    """

    now: Callable[[], datetime]
    subject: str = "V-001"
    issuer: str = ""
    key: RSAKey = field(default_factory=lambda: new_key("first"))
    published: list[object] = field(default_factory=list)
    claims: dict[str, Any] = field(default_factory=dict)
    signing: RSAKey | OctKey | None = None
    header: dict[str, Any] = field(default_factory=dict)
    answer: dict[str, str] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def honest(self) -> None:
        """Tell no lies any more."""
        self.subject, self.signing = "V-001", None
        for told in (self.published, self.claims, self.header, self.answer, self.broken, self.asked):
            told.clear()

    def app(self) -> Flask:
        app = Flask("identity provider")

        @app.before_request
        def note() -> Response | None:
            self.asked.append(request.path)
            return Response(status=500) if request.path in self.broken else None

        app.add_url_rule("/.well-known/openid-configuration", view_func=self.configuration)
        app.add_url_rule("/authorize", view_func=self.authorize)
        app.add_url_rule("/token", view_func=self.token, methods=["POST"])
        app.add_url_rule("/jwks", view_func=self.jwks)
        return app

    def configuration(self) -> Response:
        places = {
            f"{name}_endpoint": f"{self.issuer}/{path}"
            for name, path in (("authorization", "authorize"), ("token", "token"))
        }
        published = {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/jwks", **places}
        return jsonify({**published, "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"]})

    def jwks(self) -> Response:
        return jsonify({"keys": [*self.published, self.key.as_dict(private=False)]})

    def authorize(self) -> Any:
        query = request.args
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(12)
        self.codes[code] = dict(query)
        back = {"code": code, "state": query["state"], "iss": self.issuer, **self.answer}
        return redirect(f"{query['redirect_uri']}?{urlencode({name: text for name, text in back.items() if text})}")

    def token(self) -> Response | tuple[Response, int]:
        given = request.authorization
        asked = self.codes.pop(request.form["code"], None)  # a code works once
        digest = hashlib.sha256(request.form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        right = given and (given.username, given.password) == (CLIENT_ID, CLIENT_SECRET)
        if not right or asked is None or asked["code_challenge"] != challenge:
            return jsonify({"error": "invalid_grant"}), 400
        now = int(self.now().timestamp())
        claims = {"iss": self.issuer, "sub": self.subject, "aud": CLIENT_ID, "iat": now, "exp": now + 300}
        claims |= {"nonce": asked["nonce"], **self.claims}
        header = {"alg": "RS256", "kid": self.key.kid, **self.header}
        header = {name: value for name, value in header.items() if value is not None}
        registry = JWSRegistry(algorithms=["RS256", "HS256", "none"])
        kept = {name: value for name, value in claims.items() if value is not None}
        made = jwt.encode(header, kept, self.signing or self.key, registry=registry)
        return jsonify({"access_token": "an access token", "token_type": "Bearer", "id_token": made})


@contextmanager
def mocked(claims: dict[str, Any]) -> Iterator[str]:
    """Start a provider that others wrote, in a process of its own, which knows one person; gives its address."""
    port = free_port()
    issuer = f"http://localhost:{port}"
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "1"]
    command += ["--user-claims", json.dumps(claims)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as mock:
        try:
            _wait_for(f"{issuer}/.well-known/openid-configuration")
            yield issuer
        finally:
            mock.terminate()


def _wait_for(address: str) -> None:
    for _ in range(100):
        try:
            httpx.get(address)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(address)


@contextmanager
def provided(now: Callable[[], datetime]) -> Iterator[IdentityProvider]:
    """Serve one on a free port."""
    provider = IdentityProvider(now)
    server = make_server("127.0.0.1", 0, provider.app(), threaded=True)
    provider.issuer = f"http://127.0.0.1:{server.port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
