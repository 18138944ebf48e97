import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {deserializeDateTime, toLocaleDateTimeString} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const ICONS = {
    done: "fa-check",
    ready: "fa-arrow-right",
    waiting: "fa-clock-o",
    compensated: "fa-undo",
};

/** Draws the steps of a process: what is done, what can be done now, what was taken back. */
export class ProcessField extends Component {
    static template = "retail_connector_base.ProcessField";
    static props = {...standardFieldProps};

    get steps() {
        return this.props.record.data[this.props.name] || [];
    }

    icon(step) {
        return ICONS[step.state] || "fa-circle-o";
    }

    status(step) {
        return {
            done: _t("Done"),
            ready: _t("Next"),
            waiting: _t("Waiting"),
            compensated: _t("Taken back"),
        }[step.state];
    }

    hint(step) {
        const undo = step.compensation
            ? _t("Can be taken back: %s.", step.compensation)
            : _t("Cannot be taken back.");
        return [step.note, undo].filter(Boolean).join(" ");
    }

    at(step) {
        return step.at ? toLocaleDateTimeString(deserializeDateTime(step.at)) : "";
    }
}

export const processField = {
    component: ProcessField,
    displayName: _t("Process"),
    supportedTypes: ["json"],
};

registry.category("fields").add("retail_process", processField);
