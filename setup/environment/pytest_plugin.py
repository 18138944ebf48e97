"""Our additions to pytest: a missing browser fails a test, a slow moment does not."""

from collections.abc import Generator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from . import browser

# What Odoo's ChromeBrowser says when it gives up.
GIVEN_UP = ("Chrome executable not found", "chrome devtools port", "websocket-client")

# How long an example takes says something of the machine, nothing of what is tested.
settings.register_profile("calm", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("calm")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn the skip of a test for want of a browser into a failure."""
    report = yield
    if report.skipped and any(words in str(report.longrepr) for words in GIVEN_UP):
        report.outcome = "failed"
        report.longrepr = f"This test needs a browser: {browser.ADVICE}.\n{reason(report.longrepr)}"
    return report


def reason(representation: Any) -> str:
    """Return the words of a skip, which pytest keeps as (path, line, reason)."""
    return representation[2] if isinstance(representation, tuple) else str(representation)
