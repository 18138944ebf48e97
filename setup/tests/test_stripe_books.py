"""Unseen lives of a Stripe account leave every account of Odoo with the balance they should.

``RETAIL_SEEDS`` ("100 200") names other lives than the usual ones: from the first to before the
second number.
"""

import os
import subprocess

import pytest

from environment import ensure
from environment.paths import ROOT

SEEDS = tuple(map(int, os.environ.get("RETAIL_SEEDS", "0 12").split()))
# It runs there in one transaction that is never committed.
SCRIPT = """
import sys
sys.path[:0] = {folders!r}
from stripe_ledger_run import tell_all
tell_all(env, {currency!r}, range{seeds!r})
"""


@pytest.fixture(scope="module")
def database():
    """A database with the payments."""
    name = f"rc_books_{os.getpid()}"
    with ensure().database(name) as found:
        yield found


# Stripe settles in EUR and USD here: all, some or nothing of it is in the company's currency.
@pytest.mark.parametrize("currency", ["EUR", "USD", "JPY"])
def test_every_account_shows_what_happened(database, currency):
    folders = [str(ROOT / "setup"), str(ROOT / "setup" / "tests")]
    done = subprocess.run(
        [ROOT / "setup" / "odoo", "shell", "-d", database, "--no-http", "--log-level=error"],
        input=SCRIPT.format(folders=folders, currency=currency, seeds=SEEDS),
        capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    told = [line for line in done.stdout.splitlines() if line.startswith("WRONG")]
    assert not told, "\n".join(told)
    assert f"ALL TOLD {len(range(*SEEDS))}" in done.stdout, done.stderr[-3000:]
