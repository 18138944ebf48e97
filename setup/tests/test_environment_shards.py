"""How the whole suite is parted, and what its closing line says."""

from pathlib import Path

from environment.shards import closing_line, parts

ONE = "..F\n=== 1 failed, 20 passed, 2 warnings, 5 subtests passed in 12.34s ==="
TWO = "noise\n===== 3 passed, 1 skipped in 75.10s (0:01:15) ====="


def test_each_folder_is_in_one_part():
    names = ["retail_connector_base", "retail_connector_payment", "retail_connector_x", "tests"]
    found = parts([Path(name) for name in names])
    assert [[folder.name for folder in part] for part in found] == [names[:2], names[2:]]


def test_a_part_without_folders_is_left_out():
    assert parts([Path("tests")]) == [[Path("tests")]]


def test_counts_of_parts_are_added():
    line = closing_line([ONE, TWO], 80.0)
    assert " 1 failed, 23 passed, 1 skipped, 2 warnings, 5 subtests passed in 80.00s " in line
    assert line.startswith("=")


def test_a_quiet_closing_line_counts_too():
    quiet = ["7 passed, 2 deselected in 17.88s", "15 deselected in 9.21s"]
    assert " 7 passed, 17 deselected in 30.00s " in closing_line(quiet, 30.0)


def test_a_part_that_broke_off_is_an_error():
    assert " 3 passed, 1 errors in 9.00s " in closing_line([TWO.replace(", 1 skipped", ""), ""], 9)
