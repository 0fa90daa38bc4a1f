"""Chromium, a real server for it, and axe."""

import os
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
_QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_NAMES = ("chromium", "chromium-browser", "google-chrome")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the machine's own Chromium; its sandbox does not work for root."""
    program = next(path for path in map(shutil.which, _NAMES) if path)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, chromium_sandbox=os.geteuid() != 0, args=list(_QUIET)
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def served(app: Flask, port: int = 0) -> Iterator[str]:
    """Serve an application on a port of this machine, by default a free one; yields its address."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def free_port() -> int:
    """Return a port that nobody listens on now, for sites that must know their address before they are served."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def find_violations(page: Page) -> list[str]:
    """Run axe on a page; returns one line a violation, with the elements it names."""
    if not page.evaluate("() => typeof axe === 'object'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate("() => axe.run({ resultTypes: ['violations'] })")
    return [
        f"{one['id']}: {one['help']} {[' '.join(node['target']) for node in one['nodes']]}"
        for one in found["violations"]
    ]


def sideways_pixels(page: Page) -> int:
    """Return how far a page can be scrolled sideways."""
    return int(page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def space_text_out(page: Page) -> None:
    """Set a page's text as WCAG 1.4.12 lets readers do; a style sheet of the window, which no policy forbids."""
    page.evaluate(
        """() => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
                                   word-spacing: .16em !important; }
                               p { margin-block-end: 2em !important; }`);
            document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
        }"""
    )


def cut_off(page: Page) -> list[str]:
    """Return the elements whose text does not fit and cannot be scrolled to either."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('body *')].filter((element) => {
            const style = getComputedStyle(element);
            if (element.closest('.visually-hidden, svg, select, textarea, input, [hidden]')) return false;
            if (style.display === 'none' || style.display === 'inline' || !element.textContent.trim()) return false;
            const across = /hidden|clip/.test(style.overflowX) && element.scrollWidth > element.clientWidth + 1;
            const down = /hidden|clip/.test(style.overflowY) && element.scrollHeight > element.clientHeight + 1;
            return element.clientWidth > 1 && (across || down);
        }).map((element) => `${element.tagName} ${element.className}: ${element.textContent.trim().slice(0, 40)}`)"""
    )
    return found
