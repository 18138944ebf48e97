"""setup/screenshots: let two simulated shops trade, and photograph what people see."""

import argparse
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from demo_day import day
from demo_day.command import open_world, simulators
from demo_day.quiet import wait_until_quiet, wait_until_told
from demo_day.reading import Database
from demo_day.rpc import LOGIN, PASSWORD
from environment import Environment, step
from environment.paths import ROOT

from .camera import camera
from .doors import DOORS
from .doors_world import open_doors
from .money import MONEY
from .money_world import open_money
from .outbound import differ, open_outbound, ship
from .scenes import SCENES, Stage
from .stores import STORES
from .stores_world import open_stores
from .warehouses import WAREHOUSES
from .warehouses_world import open_warehouses

ALL = {**SCENES, **STORES, **DOORS, **WAREHOUSES, **MONEY}
ORDERS = 40
QUIET_SECONDS = 120
DOORS_SECONDS = 30


def run(environment: Environment, words: Sequence[str]) -> int:
    """Take the pictures that are named, or all of them."""
    parser = argparse.ArgumentParser(prog="setup/screenshots", description=__doc__)
    parser.add_argument("--folder", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument("scenes", nargs="*", help=", ".join(ALL))
    options = parser.parse_args(words)
    with open_world(environment, seed=3, keep=False) as (server, odoo, channels):
        database = Database(server.database)

        def settle() -> None:
            with step("waiting until all is quiet"):
                wait_until_told(database, QUIET_SECONDS)

        def rest() -> None:
            # One shop does not answer by now: what it is to be told waits.
            wait_until_quiet(database, DOORS_SECONDS)

        names = options.scenes or list(ALL)
        if set(names) - set(WAREHOUSES):
            open_outbound(odoo, channels, settle)
            day.morning(channels, ORDERS)
            settle()
            ship(odoo, channels, settle)
            differ(odoo, channels, settle)
        with camera(server.url, options.folder) as view:
            view.log_in(LOGIN, PASSWORD)
            view.show_companies([channel.company.id for channel in channels])
            stage = Stage(view, simulators(7)[0])
            _take([name for name in names if name in SCENES], stage)
            if set(names) & set(STORES):
                open_stores(odoo, channels[0].company, rest)
                _take([name for name in names if name in STORES], stage)
            if set(names) & set(DOORS):
                # Only now, so that the other pictures show nothing of it.
                open_doors(odoo, server.database, rest)
                _take([name for name in names if name in DOORS], stage)
            if set(names) & set(WAREHOUSES):
                open_warehouses(odoo, channels[0].company, server.database, rest)
                _take([name for name in names if name in WAREHOUSES], stage)
            if set(names) & set(MONEY):
                with ExitStack() as stack:
                    open_money(odoo, server, channels, database, settle, stack)
                    _take([name for name in names if name in MONEY], stage)
        database.close()
    return 0


def _take(names: Sequence[str], stage: Stage) -> None:
    for name in names:
        with step(f"scene: {name}"):
            ALL[name](stage)
