import {click, see, write} from "@retail_connector_base/../tests/tours/steps";
import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("retail_connector_pos.day_sign", {
    steps: () => [
        see("it does not tie", ".o_form_view .alert-danger:contains(do not tie)"),
        see("both figures", ".o_field_widget[name=differences_html] table:contains(cash)"),
        click("sign the difference", "button[name=action_sign]"),
        see("what that does", ".modal .o_field_widget[name=consequences]:contains(posted)"),
        click("not without a reason", ".modal button[name=action_sign]"),
        see("it is asked for", ".modal .o_field_widget[name=reason].o_field_invalid"),
        write("reason", "Counted twice with the manager", ".modal"),
        click("sign", ".modal button[name=action_sign]"),
        see(
            "who signed, and why",
            "body:not(:has(.modal)) .o_field_widget[name=sign_reason]:contains(Counted twice)"
        ),
    ],
});
