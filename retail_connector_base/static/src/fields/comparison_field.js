import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** Draws rows of (what, theirs, ours) side by side and marks those that differ; a fourth part of a
 * row is what was there before. */
export class ComparisonField extends Component {
    static template = "retail_connector_base.ComparisonField";
    static props = {...standardFieldProps};

    get rows() {
        const rows = this.props.record.data[this.props.name] || [];
        return rows.map(([what, theirs, ours, before]) => ({
            what,
            theirs,
            ours,
            before,
            differs: theirs !== ours,
        }));
    }

    get hasBefore() {
        return this.rows.some((row) => row.before !== undefined);
    }
}

export const comparisonField = {
    component: ComparisonField,
    displayName: _t("Comparison"),
    supportedTypes: ["json"],
};

registry.category("fields").add("retail_comparison", comparisonField);
