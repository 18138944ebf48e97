"""The generated tables of the documentation for channel developers."""

import pytest

from linters import docs


def page(**tables: str) -> str:
    places = (
        f"{docs.BEGIN.format(name=name)}{tables.get(name, '')}{docs.END.format(name=name)}"
        for name in docs.TABLES
    )
    return "head\n" + "\n\n".join(places) + "\ntail"


def test_tables_are_replaced_and_the_text_around_them_is_kept():
    found = docs.render(page(errors="\n\nOUT OF DATE\n\n"))
    assert found.startswith("head\n") and found.endswith("\ntail")
    assert "OUT OF DATE" not in found
    assert "| 422 | `key-reused` |" in found
    assert "| `retail.order.confirmed.v1` |" in found
    assert docs.render(found) == found


def test_a_page_without_a_place_for_a_table_is_an_error():
    with pytest.raises(ValueError, match="errors"):
        docs.render("nothing")


def test_a_page_that_is_out_of_date_is_told_and_mended(monkeypatch, tmp_path):
    monkeypatch.setattr(docs, "PATH", tmp_path / "page.md")
    docs.PATH.write_text(page())
    assert not docs.check(fix=False)
    assert docs.check(fix=True)
    assert docs.check(fix=False)
