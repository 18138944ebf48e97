"""Unseen days in stores leave every account and every shelf of Odoo as they should.

``RETAIL_SEEDS`` ("100 200") names other lives than the usual ones: from the first to before the
second number.
"""

import os
import subprocess

import pytest

from environment import ensure
from environment.paths import ROOT

SEEDS = tuple(map(int, os.environ.get("RETAIL_SEEDS", "0 2").split()))
# It runs there in one transaction that is never committed.
SCRIPT = """
import sys
sys.path[:0] = {folders!r}
from estate_books_run import tell_all
tell_all(env, {country!r}, range{seeds!r})
"""


@pytest.fixture(scope="module")
def database():
    """A database with the stores."""
    name = f"rc_estate_{os.getpid()}"
    with ensure().database(name) as found:
        yield found


# Prices with and without tax, coins that are larger than a cent, a currency without decimals.
@pytest.mark.parametrize("country", ["DE", "US", "CH", "JP"])
def test_every_account_and_every_shelf_shows_what_happened(database, country):
    folders = [str(ROOT / "setup"), str(ROOT / "setup" / "tests")]
    done = subprocess.run(
        [ROOT / "setup" / "odoo", "shell", "-d", database, "--no-http", "--log-level=error"],
        input=SCRIPT.format(folders=folders, country=country, seeds=SEEDS),
        capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    told = [line for line in done.stdout.splitlines() if line.startswith("WRONG")]
    assert not told, "\n".join(told)
    assert f"ALL TOLD {len(range(*SEEDS))}" in done.stdout, done.stderr[-3000:]
