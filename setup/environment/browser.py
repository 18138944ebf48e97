"""The browser of the tests: Chromium behind a wrapper that keeps it quiet."""

import os
import shlex
import shutil

from .paths import BIN

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ADVICE = "install chromium (Debian, Ubuntu: apt-get install chromium) or set RETAIL_BROWSER"

# Without these it looks for updates, accounts and search engines at every start. Nothing that a
# test opens needs a sandbox, which in turn refuses to run as root.
FLAGS = (
    "--no-sandbox",
    "--no-first-run",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# Odoo's tests take the first of several names that they find on PATH; this one is looked for first.
WRAPPER = BIN / "google-chrome"


def export() -> None:
    """Put the wrapper first on PATH. Does nothing without a browser: tests that need it fail."""
    executable = os.environ.get("RETAIL_BROWSER") or _installed()
    if not executable:
        return
    BIN.mkdir(parents=True, exist_ok=True)
    wrapper = WRAPPER.with_suffix(f".{os.getpid()}")
    wrapper.write_text(f'#!/bin/sh\nexec {shlex.quote(executable)} {" ".join(FLAGS)} "$@"\n')
    wrapper.chmod(0o755)
    wrapper.replace(WRAPPER)
    if str(BIN) not in os.environ["PATH"].split(os.pathsep):
        os.environ["PATH"] = f"{BIN}{os.pathsep}{os.environ['PATH']}"


def _installed() -> str | None:
    path = os.pathsep.join(p for p in os.environ["PATH"].split(os.pathsep) if p != str(BIN))
    return next(filter(None, (shutil.which(name, path=path) for name in NAMES)), None)
