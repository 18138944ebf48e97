import {click, see} from "@retail_connector_base/../tests/tours/steps";
import {registry} from "@web/core/registry";

const LINES = ".o_field_widget[name=different_line_ids]";
const CURRENT = `${LINES} .o_selected_row td[name=explanation] input`;

const press = (content, keys, trigger = ".o_form_view") => ({
    content,
    trigger,
    run: `press ${keys}`,
});
const state = (name) => `.o_statusbar_status .o_arrow_button_current:contains(${name})`;

// After the first click nothing but the keyboard.
registry.category("web_tour.tours").add("retail_connector_payment.reconciliation_explain", {
    steps: () => [
        see("the legs are added up", ".o_field_widget[name=summary] table:contains(Different)"),
        click("begin with the first line", `${LINES} .o_data_row td[name=explanation]`),
        {content: "explain it", trigger: CURRENT, run: "edit Paid in cash && press Enter"},
        {
            content: "explain the next one",
            trigger: `${LINES} .o_data_row:nth-child(2).o_selected_row td[name=explanation] input`,
            run: "edit The bank is late",
        },
        press("save", "alt+s"),
        see("it is saved", ".o_form_saved"),
        see("nothing is different any more", `body:not(:has(${LINES} .text-bg-danger))`),
        see("it can be signed", "button[name=action_review]"),
    ],
});

registry.category("web_tour.tours").add("retail_connector_payment.reconciliation_sign", {
    steps: () => [
        see("both explanations are read", `${LINES}:contains(Paid in cash)`),
        press("sign", "alt+g", "button[name=action_review]"),
        see("it is signed", state("Reviewed")),
        press("lock", "alt+l", "button[name=action_lock]"),
        click("say so", ".modal .modal-footer .btn-primary"),
        see("it is locked", state("Locked")),
    ],
});
