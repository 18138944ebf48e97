"""Run a simulated shop by itself: ``python -m simulator --orders 50 --serve 600``."""

import argparse
import json
import sys
import time
from pathlib import Path

from . import INTERNET, STORM, Faults, Manners, ShopifySimulator

FAULTS = {"none": Faults(), "internet": INTERNET, "storm": STORM}
MAX_ORDERS, MAX_SECONDS = 100_000, 24 * 3600


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="simulator", description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--orders", type=int, default=50, help=f"at most {MAX_ORDERS}")
    parser.add_argument("--currency", default="EUR", choices=("EUR", "USD", "JPY", "BHD"))
    parser.add_argument("--taxes-included", action="store_true")
    parser.add_argument("--location", action="append", help="again for more than one")
    parser.add_argument(
        "--only-available", action="store_true", help="sell nothing that is not there"
    )
    parser.add_argument("--faults", choices=tuple(FAULTS), default="none")
    parser.add_argument("--hook", help="send the webhooks to this address")
    parser.add_argument("--concurrency", type=int, default=8)
    parser.add_argument("--expected", type=Path, help="write the truth about all orders here")
    parser.add_argument(
        "--serve", type=float, default=0, help="answer the API for this many seconds"
    )
    return parser.parse_args(words)


def main(words: list[str]) -> int:
    """Trade, print where the shop is, send, write the truth, serve."""
    options = _arguments(words)
    shop = {
        "currency": options.currency,
        "taxes_included": options.taxes_included,
        "locations": options.location or ("Main",),
        "only_available": options.only_available,
    }
    with ShopifySimulator(options.seed, FAULTS[options.faults], **shop) as simulator:
        simulator.shop.trade(min(options.orders, MAX_ORDERS))
        app = simulator.app
        _say(base_url=simulator.base_url, domain=simulator.shop.domain)
        _say(client_id=app.client_id, client_secret=app.client_secret)
        if options.hook:
            manners = Manners(concurrency=min(options.concurrency, 100))
            _say(**simulator.deliver(options.hook, manners=manners).summary())
        if options.expected:
            truth = [item.as_json() for item in simulator.expected().values()]
            options.expected.write_text(json.dumps(truth, indent=1), encoding="utf-8")
        time.sleep(min(options.serve, MAX_SECONDS))
    return 0


def _say(**values: object) -> None:
    print(json.dumps(values), flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
