import {click, see, write} from "./steps";
import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("retail_connector_base.request_erasure", {
    steps: () => [
        click("ask for an erasure", ".o_control_panel button:contains(New Request)"),
        write("email", "tour.person@example.com", ".modal"),
        write("reason", "Letter of 3 May", ".modal"),
        click("request it", ".modal button[name=action_request]"),
        see(
            "somebody else has to approve it",
            "body:not(:has(.modal)) .o_form_view .alert:contains(not the one who asked)"
        ),
        see("there is no way round", ".o_form_view:not(:has(button[name=action_approve]))"),
        see("it is requested", ".o_arrow_button_current:contains(Requested)"),
    ],
});

registry.category("web_tour.tours").add("retail_connector_base.approve_erasure", {
    steps: () => [
        click("open the request", ".o_data_row:contains(Requested) td[name=name]"),
        see(
            "what was found is shown",
            ".o_form_view .o_field_widget[name=found_text]:contains(Tour Person)"
        ),
        click("approve", "button[name=action_approve]"),
        click("yes", ".modal footer .btn-primary"),
        see("it is approved", "body:not(:has(.modal)) .o_arrow_button_current:contains(Approved)"),
    ],
});
