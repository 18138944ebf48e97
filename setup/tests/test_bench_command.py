"""What setup/bench is asked for, and the rows that it writes."""

import pytest

from benchmarks.command import BENCHMARKS, arguments
from benchmarks.result import Row, quantile, spread


def test_without_a_name_all_run():
    assert arguments([]).names == tuple(BENCHMARKS)
    assert arguments([]).repetitions == 3
    assert arguments(["--quick"]).repetitions == 1
    assert arguments(["--once"]).repetitions == 1


def test_a_group_stands_for_its_parts():
    assert arguments(["order_import"]).names == ("order_import_uniform", "order_import_hot")


def test_an_unknown_name_is_refused(capsys):
    with pytest.raises(SystemExit):
        arguments(["no-such"])
    assert "no-such" in capsys.readouterr().err


def test_a_row_has_the_agreed_keys():
    row = Row("ack", 1.23456, "per second", 2.0, 0.61728)
    assert row.as_json() == {
        "name": "ack", "value": 1.2346, "unit": "per second", "baseline": 2.0, "ratio": 0.6173,
    }  # fmt: skip


def test_repetitions_are_told_with_min_median_and_max():
    assert spread("x", [3, 1, 2], "s") == "   x: 3 times, min 1  median 2  max 3 s"
    assert quantile(range(100), 0.95) == 95
