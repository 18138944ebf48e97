"""setup/screenshots: let two simulated shops trade, and photograph what people see."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from demo_day import day
from demo_day.command import open_world, simulators
from demo_day.quiet import wait_until_told
from demo_day.reading import Database
from demo_day.rpc import LOGIN, PASSWORD
from environment import Environment, step
from environment.paths import ROOT

from .camera import camera
from .outbound import differ, open_outbound, ship
from .scenes import SCENES, Stage

ORDERS = 40
QUIET_SECONDS = 120


def run(environment: Environment, words: Sequence[str]) -> int:
    """Take the pictures that are named, or all of them."""
    parser = argparse.ArgumentParser(prog="setup/screenshots", description=__doc__)
    parser.add_argument("--folder", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument("scenes", nargs="*", help=", ".join(SCENES))
    options = parser.parse_args(words)
    with open_world(environment, seed=3, keep=False) as (server, odoo, channels):
        database = Database(server.database)

        def settle() -> None:
            with step("waiting until all is quiet"):
                wait_until_told(database, QUIET_SECONDS)

        open_outbound(odoo, channels, settle)
        day.morning(channels, ORDERS)
        settle()
        ship(odoo, channels, settle)
        differ(odoo, channels, settle)
        database.close()
        with camera(server.url, options.folder) as view:
            view.log_in(LOGIN, PASSWORD)
            view.show_companies([channel.company.id for channel in channels])
            stage = Stage(view, simulators(7)[0])
            for name in options.scenes or SCENES:
                with step(f"scene: {name}"):
                    SCENES[name](stage)
    return 0
