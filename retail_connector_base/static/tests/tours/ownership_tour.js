import {click, openPage, pick, see, write} from "./steps";
import {registry} from "@web/core/registry";

const CONTENT = ".o_field_widget[name=ownership_ids] .o_data_row:contains(Content)";

const choosePim = [
    click("choose a preset", "button[name=action_open_presets]"),
    pick("preset", "PIM", ".modal"),
    see(
        "what would change is shown",
        ".modal .o_field_widget[name=changes_html] tr:contains(Content):contains(This System)"
    ),
];

registry.category("web_tour.tours").add("retail_connector_base.ownership_preset", {
    steps: () => [
        openPage("ownership"),
        see("Odoo owns the texts", `${CONTENT}:contains(Odoo)`),
        ...choosePim,
        click("leave it at that", ".modal footer button:contains(Close)"),
        see("nothing was changed", `body:not(:has(.modal)) ${CONTENT}:contains(Odoo)`),
        ...choosePim,
        write("reason", "The PIM is at work now", ".modal"),
        click("apply it", ".modal button[name=action_apply]"),
        see("the PIM owns the texts", `body:not(:has(.modal)) ${CONTENT}:contains(This System)`),
    ],
});
