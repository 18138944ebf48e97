"""setup/demo: two brands trade a day with a real Odoo, and everything is checked at its end."""

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timezone
from pathlib import Path

from environment import Environment, Server, say, step
from simulator import ShopifySimulator
from simulator.bucket import Bucket

from . import day
from .channel import Channel, open_channel
from .company import found_companies
from .night import put_off_night_work
from .quiet import wait_until_quiet
from .reading import Database
from .repair import repair
from .rpc import LOGIN, PASSWORD, Odoo
from .summary import Summary
from .verdict import judge
from .watch import Watch
from .world import BRANDS

ORDERS = 120
DATABASE = "retail_demo"
WORKERS, CHANNELS = 5, "root:3,root.retail.poll:1"
QUIET_SECONDS = 120
MAX_ORDERS = 20_000
# Seconds between two orders of a shop. They count from now on: a poll asks for what is new since
# the last one, by our clock.
PACE = 1.0
# Size and rate of the bucket of points that Shopify gives the API clients of a Plus shop.
PLUS = (20_000, 1_000)


def arguments(words: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="setup/demo", description=__doc__)
    parser.add_argument("--serve", action="store_true", help="leave Odoo running afterwards")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the summary there")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--orders", type=int, default=ORDERS, help="of both shops together")
    return parser.parse_args(words)


def run(environment: Environment, words: Sequence[str]) -> int:
    """Run the demonstration; return 0 when everything is as it must be."""
    options = arguments(words)
    begin = time.monotonic()
    with open_world(environment, options.seed, options.serve) as (server, odoo, channels):
        summary = trade(server, odoo, channels, options)
        summary.seconds = time.monotonic() - begin
        print("\n".join(["", *summary.lines()]), flush=True)
        if options.json:
            options.json.write_text(json.dumps(summary.as_json(), indent=1) + "\n")
        if options.serve:
            serve(server)
    return 0 if summary.ok else 1


@contextmanager
def open_world(
    environment: Environment, seed: int, keep: bool
) -> Iterator[tuple[Server, Odoo, list[Channel]]]:
    """Lend a running Odoo with two companies whose shops are connected."""
    with ExitStack() as stack:
        with step("database"):
            name = DATABASE if keep else ""
            database = stack.enter_context(environment.database(name, keep=keep))
            put_off_night_work(database)
        with step("Odoo with workers and job runner"):
            server = stack.enter_context(
                environment.server(database, workers=WORKERS, channels=CHANNELS)
            )
        odoo = Odoo(server.url).log_in(database)
        with step("two companies, two brands, two shops"):
            companies = found_companies(odoo, BRANDS)
            channels = [
                open_channel(odoo, brand, company, stack.enter_context(simulator))
                for brand, company, simulator in zip(
                    BRANDS, companies, simulators(seed), strict=True
                )
            ]
        yield server, odoo, channels


def simulators(seed: int) -> list[ShopifySimulator]:
    """Return a simulator per brand; seeds differ, so that the shops are no twins."""
    return [
        ShopifySimulator(
            seed * 2 + index,
            day.WEATHER,
            brand.app,
            Bucket(*PLUS),
            start=datetime.now(timezone.utc),
            pace=PACE,
            **brand.shop_options(),
        )
        for index, brand in enumerate(BRANDS)
    ]


def trade(
    server: Server, odoo: Odoo, channels: list[Channel], options: argparse.Namespace
) -> Summary:
    """Let the day pass and check what it left."""
    summary = Summary(options.seed)
    a_shop = max(1, min(options.orders, MAX_ORDERS) // len(channels))
    third = max(1, a_shop // 3)
    diary = day.Diary()
    database = Database(server.database)
    with Watch(server.database) as watch:
        day.morning(channels, third)
        day.noon(channels, third, server, diary)
        day.afternoon(channels, max(1, a_shop - 2 * third), odoo, diary)
        settle(database, summary, "before people look at it")
        repair(odoo, channels, lambda: settle(database, summary, "after the repairs"))
    with step("comparing with the channels' truth"):
        judge(summary, channels, database, watch, diary)
    database.close()
    return summary


def settle(database: Database, summary: Summary, when: str) -> None:
    """Wait until nothing is left to do."""
    with step(f"waiting until all is quiet, {when}"):
        if not wait_until_quiet(database, QUIET_SECONDS):
            summary.notes.append(f"work was left {when}")


def serve(server: Server) -> None:
    """Leave Odoo running until ctrl-C."""
    say(f"\nOdoo runs at {server.url}/odoo  login {LOGIN}, password {PASSWORD}; ctrl-C stops it")
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        say("\nstopping")
