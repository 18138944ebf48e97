import {expect, test} from "@odoo/hoot";
import {click} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Backend extends models.Model {
    _name = "backend";

    value = fields.Json();

    _records = [{id: 1, value: false}];
}

defineMailModels();
defineModels([Backend]);

async function mountField(widget, value) {
    Backend._records = [{id: 1, value}];
    await mountView({
        type: "form",
        resModel: "backend",
        resId: 1,
        arch: `<form><field name="value" widget="${widget}"/></form>`,
    });
}

test("a connection report shows account, details, warnings and problems", async () => {
    await mountField("retail_report", {
        account: "Nordlicht",
        details: [["Currency", "EUR"]],
        warnings: ["Old orders cannot be read."],
        problems: ["A scope is missing."],
    });
    expect(".o_retail_report tr:first td").toHaveText("Nordlicht");
    expect(".o_retail_report tr:last th").toHaveText("Currency");
    expect(".o_retail_report_warning").toHaveText("Old orders cannot be read.");
    expect(".o_retail_report_problem").toHaveText("A scope is missing.");
});

test("an empty connection report is no error", async () => {
    await mountField("retail_report", false);
    expect(".o_retail_report").toHaveCount(1);
    expect(".o_retail_report table").toHaveCount(0);
});

test("what a vendor does not offer is said", async () => {
    await mountField("retail_capabilities", [
        {label: "Imports orders", offered: true},
        {label: "Imports payouts", offered: false},
    ]);
    expect(".o_retail_capabilities li").toHaveCount(2);
    expect(".o_retail_capabilities li:last").toHaveText(/^Imports payouts\s*\(not offered\)$/);
});

test("only rows that differ are marked", async () => {
    await mountField("retail_comparison", [
        ["Total", "10.00", "10.00"],
        ["Taxes", "1.90", "1.89"],
    ]);
    expect(".o_retail_differs").toHaveCount(1);
    expect(".o_retail_differs th").toHaveText("Taxes");
});

test("text of a channel is never markup", async () => {
    await mountField("retail_comparison", [["Name", "<b id='evil'>x</b>", "y"]]);
    expect("#evil").toHaveCount(0);
    expect(".o_retail_comparison tbody td:first").toHaveText("<b id='evil'>x</b>");
});

test("names and values of an object", async () => {
    await mountField("retail_pairs", {"x-topic": "orders/create", depth: {a: 1}});
    expect(".o_retail_pairs tr").toHaveCount(2);
    expect(".o_retail_pairs tr:last td").toHaveText('{"a":1}');
});

test("the steps of a process show where it is", async () => {
    await mountField("retail_process", [
        {code: "paid", label: "Paid", state: "done", at: "", note: "", compensation: "refund"},
        {code: "shipped", label: "Shipped", state: "ready", at: "", note: "", compensation: ""},
    ]);
    expect(".o_retail_process_done").toHaveText(/Paid/);
    expect(".o_retail_process_ready").toHaveText(/Next/);
});

test("a step of the checklist calls its method on the record", async () => {
    onRpc("backend", "action_start", ({args}) => {
        expect.step(`action_start ${args[0]}`);
        return false;
    });
    await mountField("retail_checklist", [
        {code: "settings", label: "Fill in", hint: "", done: true},
        {
            code: "start",
            label: "Start",
            hint: "",
            done: false,
            current: true,
            button: "action_start",
            button_label: "Start",
        },
    ]);
    expect(".o_retail_checklist .card-header").toHaveText(/1\s+of\s+2\s+done/);
    await contains("[data-step=start] button").click();
    expect.verifySteps(["action_start 1"]);
});

test("a step that is not ready cannot be done", async () => {
    await mountField("retail_checklist", [
        {code: "start", label: "Start", hint: "", ready: false, button: "x", button_label: "Start"},
    ]);
    expect("[data-step=start] button").not.toBeEnabled();
    await click("[data-step=start] button");
    await animationFrame();
    expect.verifySteps([]);
});
