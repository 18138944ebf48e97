"""A delivery of the demonstration that did not leave ends the day."""

import pytest

from demo_day.delivery import cancel, validate
from demo_day.rpc import RpcError


class Counter:
    """Odoo with one delivery, whose buttons leave it in a state given beforehand."""

    def __init__(self, state):
        self.state, self.pressed = state, []

    def call(self, _model, button, _ids, context):
        self.pressed.append((button, context))
        return {"res_model": "a.question"}

    def read(self, _model, _domain, *_names):
        return [{"state": self.state}]


def test_what_left_is_counted():
    odoo = Counter("done")
    validate(odoo, 7, {"allowed_company_ids": [1]})
    assert odoo.pressed == [("button_validate", {"allowed_company_ids": [1], "skip_sms": True})]


def test_a_question_instead_of_a_delivery_is_no_sale():
    with pytest.raises(RpcError, match=r"delivery 7 assigned, and answered .*a\.question"):
        validate(Counter("assigned"), 7, {})


def test_what_could_not_be_cancelled_is_no_refusal():
    with pytest.raises(RpcError, match="delivery 7 done"):
        cancel(Counter("done"), 7, {})
