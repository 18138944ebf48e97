import {RegistersField} from "@retail_connector_pos/fields/registers_field";
import {expect, getFixture, test} from "@odoo/hoot";
import {App} from "@odoo/owl";
import {getTemplate} from "@web/core/templates";

const ROWS = [
    {id: 1, name: "Till 1", state: "closed", said: "Closed"},
    {id: 2, name: "Till 2", state: "different", said: "Does Not Tie"},
    {id: 3, name: "Till 3", state: "setup", said: "No point of sale"},
];

// By itself: a view would start the services of the register's own screens.
async function mountRegisters(states) {
    const props = {name: "states", record: {data: {states}}, readonly: true};
    const app = new App(RegistersField, {getTemplate, props, translateFn: (text) => text});
    await app.mount(getFixture());
}

test("each register is told by colour, sign and words", async () => {
    await mountRegisters(ROWS);
    expect(".o_retail_pos_registers .badge").toHaveCount(3);
    expect(".badge[data-state=different]").toHaveClass("text-bg-danger");
    expect(".badge[data-state=different] .visually-hidden").toHaveText("Does Not Tie");
    expect(".badge[data-state=closed]").toHaveAttribute("title", "Till 1: Closed");
});

test("the bar shows the closed days, not what has none", async () => {
    await mountRegisters(ROWS);
    expect(".progress").toHaveAttribute("aria-valuenow", "50");
});

test("without a day there is no bar", async () => {
    await mountRegisters([{id: 4, name: "Till", state: "none", said: "No day"}]);
    expect(".progress").toHaveCount(0);
    expect(".badge").toHaveCount(1);
});

test("a store without registers says so", async () => {
    await mountRegisters([]);
    expect(".text-muted").toHaveText("No register yet");
});
