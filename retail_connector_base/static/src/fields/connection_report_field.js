import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** Draws what a connection test found: account, details, warnings and problems. */
export class ConnectionReportField extends Component {
    static template = "retail_connector_base.ConnectionReportField";
    static props = {...standardFieldProps};

    get report() {
        const value = this.props.record.data[this.props.name] || {};
        return {
            account: value.account || "",
            details: value.details || [],
            warnings: value.warnings || [],
            problems: value.problems || [],
        };
    }
}

export const connectionReportField = {
    component: ConnectionReportField,
    displayName: _t("Connection Report"),
    supportedTypes: ["json"],
};

registry.category("fields").add("retail_report", connectionReportField);
