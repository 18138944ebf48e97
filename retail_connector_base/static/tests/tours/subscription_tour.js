import {assertForgotten, click, link, openPage, save, see, write} from "./steps";
import {registry} from "@web/core/registry";

let secret = "";

function tick(label) {
    return click(
        `choose the event “${label}”`,
        `.o_field_widget[name=event_type_ids] .o-checkbox:contains(${label}) input`
    );
}

registry.category("web_tour.tours").add("retail_connector_base.subscription", {
    steps: () => [
        write("name", "Tour Points"),
        link("backend_id", "Tour Marketplace"),
        write("url", "https://points.example.com/events"),
        openPage("events"),
        tick("Order confirmed"),
        tick("Order shipped"),
        ...save(),
        click("make the secret", "button[name=action_new_secret]:contains(Create Secret)"),
        {
            content: "it is shown once",
            trigger: ".modal .o_field_widget[name=secret_input]:contains(whsec_)",
            run: ({anchor}) => {
                [secret] = anchor.textContent.match(/whsec_[A-Za-z0-9+/=]+/);
            },
        },
        click("close it", ".modal footer button:contains(I Have Copied It)"),
        see("it is active", "body:not(:has(.modal)) .o_arrow_button_current:contains(Active)"),
        {
            content: "only the end of the secret is shown",
            trigger: ".o_field_widget[name=secret_masked]:contains(••••)",
            run: ({anchor}) => {
                if (!anchor.textContent.trim().endsWith(secret.slice(-4))) {
                    throw new Error("Another secret is kept than the one that was shown");
                }
                assertForgotten(secret);
            },
        },
        click("pause", "button[name=action_pause]"),
        see("it says so", ".alert:contains(Paused)"),
        click("resume", "button[name=action_resume]"),
        see("it is active again", ".o_arrow_button_current:contains(Active)"),
        see("it can be paused again", "button[name=action_pause]"),
    ],
});
