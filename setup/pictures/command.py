"""setup/screenshots: let two simulated shops trade, and photograph what people see."""

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from demo_day import day
from demo_day.channel import Channel
from demo_day.command import open_world, simulators
from demo_day.quiet import wait_until_quiet, wait_until_told
from demo_day.reading import Database
from demo_day.rpc import LOGIN, PASSWORD, Odoo
from environment import Environment, Server, step
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

Scenes = Mapping[str, Callable[[Stage], None]]

ALL = {**SCENES, **STORES, **DOORS, **WAREHOUSES, **MONEY}
# They need no shop that trades.
ALONE = {**STORES, **WAREHOUSES}
ORDERS = 40
QUIET_SECONDS = 120
DOORS_SECONDS = 30


def run(environment: Environment, words: Sequence[str]) -> int:
    """Take the pictures that are named, or all of them."""
    parser = argparse.ArgumentParser(prog="setup/screenshots", description=__doc__)
    parser.add_argument("--folder", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument("scenes", nargs="*", help=", ".join(ALL))
    options = parser.parse_args(words)
    with open_world(environment, seed=3, keep=False) as world, ExitStack() as stack:
        studio = Studio(*world, Database(world[0].database), stack)
        studio.work(options.scenes or list(ALL), options.folder)
        studio.database.close()
    return 0


@dataclass
class Studio:
    """Where pictures are taken: what they show is made step by step, and only what they need."""

    server: Server
    odoo: Odoo
    channels: Sequence[Channel]
    database: Database
    stack: ExitStack

    def work(self, names: Sequence[str], folder: Path) -> None:
        """Take pictures."""
        if set(names) - set(ALONE):
            self._trade()
        with camera(self.server.url, folder) as view:
            view.log_in(LOGIN, PASSWORD)
            view.show_companies([channel.company.id for channel in self.channels])
            stage = Stage(view, simulators(7)[0])
            for scenes, prepare in self._chapters():
                wanted = [name for name in names if name in scenes]
                if wanted:
                    prepare()
                for name in wanted:
                    with step(f"scene: {name}"):
                        scenes[name](stage)

    def _chapters(self) -> Iterator[tuple[Scenes, Callable[[], None]]]:
        """Yield scenes and what makes them; those of one chapter show nothing of the next ones."""
        company, database = self.channels[0].company, self.server.database
        yield SCENES, lambda: None
        yield STORES, lambda: open_stores(self.odoo, company, self.rest)
        yield DOORS, lambda: open_doors(self.odoo, database, self.rest)
        yield WAREHOUSES, lambda: open_warehouses(self.odoo, company, database, self.rest)
        yield MONEY, self._open_money

    def _trade(self) -> None:
        """Let the shops trade; one of them does not answer afterwards."""
        open_outbound(self.odoo, self.channels, self.settle)
        day.morning(self.channels, ORDERS)
        self.settle()
        ship(self.odoo, self.channels, self.settle)
        differ(self.odoo, self.channels, self.settle)

    def _open_money(self) -> None:
        open_money(self.odoo, self.server, self.channels, self.database, self.settle, self.stack)

    def settle(self) -> None:
        """Wait until nothing is owed to anybody."""
        with step("waiting until all is quiet"):
            wait_until_told(self.database, QUIET_SECONDS)

    def rest(self) -> None:
        """Wait a while: what a shop that does not answer is to be told stays."""
        wait_until_quiet(self.database, DOORS_SECONDS)
