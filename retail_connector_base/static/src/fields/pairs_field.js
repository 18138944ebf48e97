import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** Draws a JSON object as a table of names and values. */
export class PairsField extends Component {
    static template = "retail_connector_base.PairsField";
    static props = {...standardFieldProps};

    get pairs() {
        return Object.entries(this.props.record.data[this.props.name] || {}).map(
            ([name, value]) => ({
                name,
                text: typeof value === "string" ? value : JSON.stringify(value),
            })
        );
    }
}

export const pairsField = {
    component: PairsField,
    displayName: _t("Names and Values"),
    supportedTypes: ["json"],
};

registry.category("fields").add("retail_pairs", pairsField);
