"""The corrections that shops make to their own orders."""

from demo_day.repair import _correct, _is_wrong
from simulator import Shop, expected


def test_a_corrected_order_has_right_taxes_and_is_newer():
    shop = Shop(3)
    history = shop.place("wrong_tax")
    assert _is_wrong(history)
    assert expected(history).outcome == "exception"
    before = history.current.updated_at
    _correct(history)
    assert not _is_wrong(history)
    assert history.current.updated_at > before
    assert expected(history).outcome == "import"
