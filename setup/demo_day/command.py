"""setup/demo: two brands trade a day with a real Odoo, and everything is checked at its end."""

import argparse
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timezone
from functools import partial
from pathlib import Path

from environment import Environment, Server, say, step
from simulator import ShopifySimulator
from simulator.bucket import Bucket

from . import day
from .cashier import invoice_on_delivery
from .channel import Channel, open_channel, open_sister
from .company import found_companies
from .dispatch import dispatch
from .doors import open_doors
from .money import Chapter
from .night import put_off_night_work
from .outward import compare_all, open_way_out, publish
from .promotion import promote
from .quiet import wait_until_told
from .reading import Database
from .repair import repair
from .rpc import LOGIN, PASSWORD, Odoo
from .signing import hire
from .stores import CONTROLLER, trade_in_stores
from .summary import Summary
from .verdict import judge
from .verdict_doors import judge_doors
from .verdict_money import judge_money
from .verdict_out import judge_way_out
from .verdict_stores import judge_stores
from .verdict_warehouse import judge_warehouse
from .warehouse import Warehouse
from .watch import Watch
from .world import BRANDS, OUTLET

ORDERS = 120
DATABASE = "retail_demo"
WORKERS = 6
CHANNELS = "root:4,root.retail.poll:1,root.retail.publish:2,root.retail.send:1"
QUIET_SECONDS = 75
MAX_ORDERS = 20_000
# The stores sell so many times as often as a shop.
TICKETS_AN_ORDER = 4
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
    """Lend a running Odoo with two companies whose shops are connected; the first has two."""
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
        with step("two companies, three shops"):
            companies = found_companies(odoo, BRANDS)
            channels = [
                open_shop(odoo, brand, company, stack.enter_context(simulator))
                for open_shop, brand, company, simulator in zip(
                    (open_channel, open_channel, open_sister),
                    (*BRANDS, OUTLET),
                    (*companies, companies[0]),
                    simulators(seed),
                    strict=True,
                )
            ]
        yield server, odoo, channels


def simulators(seed: int) -> list[ShopifySimulator]:
    """Return a simulator per brand; seeds differ, so that the shops are no twins."""
    return [
        ShopifySimulator(
            seed * 3 + index,
            day.WEATHER,
            brand.app,
            Bucket(*PLUS),
            start=datetime.now(timezone.utc),
            pace=PACE,
            **brand.shop_options(),
        )
        for index, brand in enumerate((*BRANDS, OUTLET))
    ]


def trade(
    server: Server, odoo: Odoo, channels: list[Channel], options: argparse.Namespace
) -> Summary:
    """Let the day pass and check what it left."""
    summary = Summary(options.seed)
    traders, sisters = channels[:2], [channels[0], channels[-1]]
    a_shop = max(1, min(options.orders, MAX_ORDERS) // len(traders))
    third = max(1, a_shop // 3)
    diary = day.Diary()
    database = Database(server.database)

    wait = partial(settle, database, summary)

    def calm(when: str) -> Callable[[], None]:
        return partial(wait, when)

    with ExitStack() as stack, Watch(server.database) as watch:
        invoice_on_delivery(odoo, traders)
        open_way_out(odoo, channels, calm("after the catalogues"))
        products = publish(odoo, channels[0].company, sisters)
        wait("with new articles in two shops")
        day.morning(traders, third)
        day.noon(traders, third, server, diary)
        day.afternoon(traders, max(1, a_shop - 2 * third), odoo, diary)
        promotion = promote(odoo, sisters, products, options.seed)
        controller = hire(odoo, server.url, server.database, [channels[0].company], CONTROLLER)
        tickets = TICKETS_AN_ORDER * a_shop
        estate = trade_in_stores(odoo, channels[0], wait, options.seed, tickets, controller)
        day.poll(channels, odoo)
        wait("before people look at it")
        repair(odoo, channels, calm("after the repairs"))
        dispatched = dispatch(odoo, traders, calm("after the dispatch"))
        day.poll(channels, odoo)
        chapter = Chapter(odoo, server, traders, database, wait, options.seed)
        money = chapter.play(stack)
        doors = open_doors(odoo, traders[1].company, stack, calm("behind the open doors"))
        third_party = Warehouse(
            odoo, chapter.controller, traders[1].company, database, wait, options.seed
        )
        warehouse = third_party.play(stack)
        compare_all(odoo, channels)
        wait("at the end")
    with step("comparing with the channels' truth"):
        judge(summary, channels, database, watch, diary)
        judge_way_out(summary, channels, database, promotion, dispatched)
        judge_stores(summary, estate, database)
        judge_doors(summary, doors, database)
        judge_warehouse(summary, warehouse, database)
        judge_money(summary, money, database)
    database.close()
    return summary


def settle(database: Database, summary: Summary, when: str) -> None:
    """Wait until nothing is left to do."""
    with step(f"waiting until all is quiet, {when}"):
        if not wait_until_told(database, QUIET_SECONDS):
            summary.notes.append(f"work was left {when}")


def serve(server: Server) -> None:
    """Leave Odoo running until ctrl-C."""
    say(f"\nOdoo runs at {server.url}/odoo  login {LOGIN}, password {PASSWORD}; ctrl-C stops it")
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        say("\nstopping")
