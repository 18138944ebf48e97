"""The verdict of the demonstration."""

import pytest

from demo_day.summary import Summary


def test_a_day_without_faults_is_well():
    summary = Summary(1, invariants={"I1": []})
    assert summary.ok
    assert summary.lines()[-1].startswith("ALL IS WELL")


@pytest.mark.parametrize(
    "fault",
    [{"mismatches": ["x"]}, {"notes": ["x"]}, {"invariants": {"I1": ["x"]}}],
)
def test_any_fault_is_shown_and_fails_the_day(fault):
    summary = Summary(1, **fault)
    assert not summary.ok
    assert any("VIOLATIONS" in line for line in summary.lines())
    assert summary.as_json()["ok"] is False


def test_long_lists_are_cut():
    summary = Summary(1, mismatches=[f"order {number}" for number in range(50)])
    assert len(summary.lines()) < 50
