import {expect, test} from "@odoo/hoot";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {defineModels, fields, models, mountView} from "@web/../tests/web_test_helpers";

class Store extends models.Model {
    _name = "store";

    name = fields.Char();
    states = fields.Json();

    _records = [
        {
            id: 1,
            name: "Berlin",
            states: [
                {id: 1, name: "Till 1", state: "closed", said: "Closed"},
                {id: 2, name: "Till 2", state: "different", said: "Does Not Tie"},
                {id: 3, name: "Till 3", state: "setup", said: "No point of sale"},
            ],
        },
        {id: 2, name: "Empty", states: []},
        {id: 3, name: "Quiet", states: [{id: 4, name: "Till", state: "none", said: "No day"}]},
    ];
}

defineMailModels();
defineModels([Store]);

const mountStore = (resId) =>
    mountView({
        type: "form",
        resModel: "store",
        resId,
        arch: '<form><field name="states" widget="retail_pos_registers"/></form>',
    });

test("each register is told by colour, sign and words", async () => {
    await mountStore(1);
    expect(".o_retail_pos_registers .badge").toHaveCount(3);
    expect(".badge[data-state=different]").toHaveClass("text-bg-danger");
    expect(".badge[data-state=different] .visually-hidden").toHaveText("Does Not Tie");
    expect(".badge[data-state=closed]").toHaveAttribute("title", "Till 1: Closed");
});

test("the bar shows the closed days, not what has none", async () => {
    await mountStore(1);
    expect(".progress").toHaveAttribute("aria-valuenow", "50");
});

test("without a day there is no bar", async () => {
    await mountStore(3);
    expect(".progress").toHaveCount(0);
    expect(".badge").toHaveCount(1);
});

test("a store without registers says so", async () => {
    await mountStore(2);
    expect(".o_field_retail_pos_registers").toHaveText("No register yet");
});
