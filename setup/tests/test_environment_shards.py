"""How the whole suite is parted, and what its closing line says."""

import hypothesis.strategies as st
from hypothesis import given

from environment.shards import closing_line, parts

ONE = "..F\n=== 1 failed, 20 passed, 2 warnings, 5 subtests passed in 12.34s ==="
TWO = "noise\n===== 3 passed, 1 skipped in 75.10s (0:01:15) ====="


@given(st.lists(st.integers(0, 50_000), max_size=30), st.integers(1, 8))
def test_each_file_is_in_one_part_in_its_order(tmp_path_factory, sizes, count):
    files = written(tmp_path_factory.mktemp("files"), sizes)
    found = parts(files, count)
    assert [file for part in found for file in part] == files
    assert len(found) <= count
    assert all(found)


def test_parts_are_of_about_one_size(tmp_path):
    found = parts(written(tmp_path, [10_000] * 40), 4)
    assert [len(part) for part in found] == [10, 10, 10, 10]


def written(folder, sizes):
    """Write files of these sizes."""
    files = [folder / f"test_{number:02}.py" for number, _size in enumerate(sizes)]
    for file, size in zip(files, sizes, strict=True):
        file.write_bytes(b"x" * size)
    return files


def test_counts_of_parts_are_added():
    line = closing_line([ONE, TWO], 80.0)
    assert " 1 failed, 23 passed, 1 skipped, 2 warnings, 5 subtests passed in 80.00s " in line
    assert line.startswith("=")


def test_a_quiet_closing_line_counts_too():
    quiet = ["7 passed, 2 deselected in 17.88s", "15 deselected in 9.21s"]
    assert " 7 passed, 17 deselected in 30.00s " in closing_line(quiet, 30.0)


def test_a_part_that_broke_off_is_an_error():
    assert " 3 passed, 1 errors in 9.00s " in closing_line([TWO.replace(", 1 skipped", ""), ""], 9)
