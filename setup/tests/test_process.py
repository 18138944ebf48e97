"""Failing programs, locks and stamps."""

import sys

import pytest

from environment import Failure, locks, process, stamps


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.setattr(process, "LOGS", tmp_path / "log")
    monkeypatch.setattr(locks, "LOCKS", tmp_path / "locks")


def test_the_end_of_the_output_tells_why_a_program_failed():
    with pytest.raises(Failure, match="no space left"):
        process.run([sys.executable, "-c", "raise SystemExit('no space left')"], log="x.log")


def test_a_missing_program_is_named():
    with pytest.raises(Failure, match="'no-such-program' is not installed"):
        process.run(["no-such-program"], log="x.log")


def test_only_one_at_a_time_holds_a_lock():
    with locks.exclusive("build"), locks.open_lock("build") as other:
        assert not locks.try_exclusive(other)
    with locks.open_lock("build") as other:
        assert locks.try_exclusive(other)


def test_a_stamp_is_current_for_its_own_key_only(tmp_path):
    stamp = tmp_path / "below" / "stamp"
    assert not stamps.is_current(stamp, "a")
    stamps.write(stamp, "a")
    assert stamps.is_current(stamp, "a")
    assert not stamps.is_current(stamp, "b")


def test_a_digest_keeps_its_parts_apart():
    assert stamps.digest(["ab", "c"]) != stamps.digest(["a", "bc"])
