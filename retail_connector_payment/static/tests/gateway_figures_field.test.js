import {expect, test} from "@odoo/hoot";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {defineModels, fields, models, mountView} from "@web/../tests/web_test_helpers";

class Gateway extends models.Model {
    _name = "gateway";

    value = fields.Json();

    _records = [{id: 1, value: false}];
}

defineMailModels();
defineModels([Gateway]);

async function mountFigures(value) {
    Gateway._records = [{id: 1, value}];
    await mountView({
        type: "form",
        resModel: "gateway",
        resId: 1,
        arch: '<form><field name="value" widget="retail_gateway_figures"/></form>',
    });
}

const EURO = {
    currency: "EUR",
    available: "10.50",
    pending: null,
    clearing: "70.00",
    unsettled: "70.00",
    difference: "0.00",
    to_post: "0",
    in_transit: "0",
};

test("each currency has a row with exact amounts", async () => {
    await mountFigures([EURO, {...EURO, currency: "BHD", clearing: "1234.567"}]);
    expect(".o_retail_gateway_figures tbody tr").toHaveCount(2);
    expect(".o_retail_gateway_figures tbody tr:first td:first").toHaveText("10.50");
    expect(".o_retail_gateway_figures tbody tr:last td:eq(2)").toHaveText("1,234.567");
});

test("zero has as many places as the others", async () => {
    await mountFigures([EURO]);
    expect(".o_retail_gateway_figures tbody td:last").toHaveText("0.00");
});

test("what is not known is said", async () => {
    await mountFigures([EURO]);
    expect(".o_retail_gateway_figures tbody td:eq(1)").toHaveText("–");
});

test("a difference is red, zero is not", async () => {
    await mountFigures([EURO, {...EURO, currency: "USD", difference: "7.00"}]);
    expect(".o_retail_gateway_figures td.text-danger").toHaveCount(1);
    expect(".o_retail_gateway_figures td.text-danger").toHaveText("7.00");
});

test("nothing known yet is no error", async () => {
    await mountFigures(false);
    expect(".o_retail_gateway_figures").toHaveCount(0);
});
