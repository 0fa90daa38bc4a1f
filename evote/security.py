"""What every answer carries so that browsers refuse what we never meant: CSP, Trusted Types, no referrer, no copies."""

from flask import Flask, Response, request

TRUSTED_TYPES_POLICY = "evote-booth"
"""The one policy a script may make: it turns the booth's own worker address into a trusted one."""

_CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "worker-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        f"trusted-types {TRUSTED_TYPES_POLICY}",
    )
)
_EMBEDDED_CSP = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "font-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors *",
        "require-trusted-types-for 'script'",
        "trusted-types",
    )
)
"""Of a page that others may put into theirs: without script, form and session nothing can be clickjacked."""
_HEADERS = {
    "Content-Security-Policy": _CSP,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
_BARE_HEADERS = {"X-Content-Type-Options": "nosniff"}
_BARE = ("text/css", "text/javascript", "font/woff2")
"""Types of static files that no browser shows as a page: a page's headers say nothing about them."""
_A_YEAR = 365 * 24 * 3600


def init_security(app: Flask, *, secure: bool) -> None:
    """Set the headers on every answer; `secure` adds HSTS."""

    def set_headers(response: Response) -> Response:
        embedded = response.headers.get("Content-Security-Policy") == _EMBEDDED_CSP
        for name, value in (_HEADERS if _is_guarded(response) else _BARE_HEADERS).items():
            if not (embedded and name == "X-Frame-Options"):
                response.headers.setdefault(name, value)
        if secure:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={_A_YEAR}; includeSubDomains")
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    app.after_request(set_headers)


def _is_guarded(response: Response) -> bool:
    """Tell whether a browser obeys these headers here: on every answer but parts of a page; a worker has its own."""
    worker = request.path.endswith("worker.js")
    return request.endpoint != "static" or worker or response.mimetype not in _BARE


def open_data(response: Response) -> Response:
    """Let any site read a public answer: it is open data and carries no session."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Content-Range, Content-Length"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers.setdefault("Cache-Control", "no-cache")
    return response


def embeddable(response: Response) -> Response:
    """Let any site put this page into a frame of its own."""
    response.headers["Content-Security-Policy"] = _EMBEDDED_CSP
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
