import {assertForgotten, click, link, pick, save, see, until, write} from "./steps";
import {registry} from "@web/core/registry";

// Only the tour's own memory: a page that is read anew has forgotten them.
const tokens = [];

const shown = {
    content: "the token is shown",
    trigger: ".modal .o_field_widget[name=token]:contains(rc_)",
    run: ({anchor}) => {
        const [token] = anchor.textContent.match(/rc_[\w-]+/);
        if (tokens.includes(token)) {
            throw new Error("A new token is not new");
        }
        tokens.push(token);
    },
};

const copied = [
    click("close it", ".modal footer button:contains(I Have Copied It)"),
    {
        content: "it is nowhere any more",
        trigger: "body:not(:has(.modal)) .o_field_widget[name=token_ids] .o_data_row",
        run: () => tokens.forEach(assertForgotten),
    },
];

/** Send a customer with a token, as the other system would. */
async function send(token, name) {
    const answer = await fetch("/retail/v1/customers", {
        method: "POST",
        headers: {Authorization: `Bearer ${token}`, "Content-Type": "application/json"},
        body: JSON.stringify({external_id: name, email: `${name}@example.com`}),
    });
    return answer.status;
}

async function expectAccepted(token, name) {
    const status = await send(token, name);
    // 202 where an importer of the kind is installed, 200 where it is only kept.
    if (![200, 202].includes(status)) {
        throw new Error(`“${name}” was answered with ${status}`);
    }
}

registry.category("web_tour.tours").add("retail_connector_base.api_client", {
    steps: () => [
        write("name", "Tour Hub"),
        link("backend_id", "Tour Marketplace"),
        pick("role", "Marketplace"),
        see(
            "the role proposes what it may do",
            ".o_field_widget[name=scope_ids] .o_tag:contains(Send orders)"
        ),
        ...save(),
        click("ask for a token", "button[name=action_new_token]"),
        click("make it", ".modal button[name=action_create]"),
        shown,
        ...copied,
        {
            content: "it works",
            trigger: ".o_field_widget[name=token_ids] .o_data_row:contains(Valid)",
            run: () => expectAccepted(tokens[0], "first-token"),
        },
        click(
            "rotate it",
            ".o_field_widget[name=token_ids] .o_data_row button[name=action_rotate]"
        ),
        click("make its successor", ".modal button[name=action_create]"),
        shown,
        ...copied,
        see(
            "the former one is being replaced",
            ".o_field_widget[name=token_ids] .o_data_row:contains(Being Replaced)"
        ),
        {
            content: "both work for now",
            trigger: ".o_field_widget[name=token_ids] .o_data_row:contains(Valid)",
            run: async () => {
                await expectAccepted(tokens[1], "second-token");
                await expectAccepted(tokens[0], "overlap");
            },
        },
        click(
            "revoke the former one",
            ".o_data_row:contains(Being Replaced) button[name=action_revoke]"
        ),
        click("yes", ".modal footer .btn-primary"),
        {
            content: "it is refused from now on, the new one is not",
            trigger: "body:not(:has(.modal)) .o_data_row:contains(Revoked)",
            run: async () => {
                await until(async () => (await send(tokens[0], "revoked")) === 401, "a refusal");
                await expectAccepted(tokens[1], "after-revoking");
                tokens.forEach(assertForgotten);
            },
        },
    ],
});
