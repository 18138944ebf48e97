"""Shopify's words for movements of its balance, and what they are to the books.

Source: GraphQL Admin API 2026-04, enums ShopifyPaymentsTransactionType, ShopifyPaymentsSourceType.
The schema names the types and explains none of them; a test keeps the table complete.
"""

from decimal import Decimal

from odoo.addons.retail_connector_base.canonical import BalanceCategory

from .vocabulary import translate


def _each(names: str, category: BalanceCategory) -> dict[str, BalanceCategory]:
    return dict.fromkeys(names.split(), category)


def _reversible(names: str, category: BalanceCategory) -> dict[str, BalanceCategory]:
    """Return types with their reversals: the sign tells them apart, the account is the same."""
    return {word: category for name in names.split() for word in (name, f"{name}_reversal")}


# Money for which the books have no account by its nature: a person has to say what it is. Posted
# by a guess it would turn debts into income, or income into payments of orders.
_UNDECIDED = {
    # Loans: what is lent, and what is paid back of it, is a debt.
    **_reversible(
        "lending_debit lending_credit lending_capital_remittance lending_credit_remittance"
        " lending_capital_refund lending_credit_refund",
        BalanceCategory.UNKNOWN,
    ),
    **_each("advance advance_funding", BalanceCategory.UNKNOWN),
    # Shop Cash: Shopify pays a part of an order, or bills us for its campaigns.
    **_reversible(
        "shop_cash_credit shop_cash_billing_debit shop_cash_refund_debit"
        " shop_cash_campaign_billing_debit shop_cash_campaign_billing_credit",
        BalanceCategory.UNKNOWN,
    ),
    # Sales through, or for, other merchants: receivables and payables, not fees.
    **_reversible(
        "shopify_collective_debit shopify_collective_credit merchant_to_merchant_debit"
        " merchant_to_merchant_credit shopify_source_debit shopify_source_credit",
        BalanceCategory.UNKNOWN,
    ),
    # Sales channels and markets that settle on our behalf: nothing says what is settled.
    **_reversible(
        "channel_credit channel_transfer_credit channel_transfer_debit", BalanceCategory.UNKNOWN
    ),
    "markets_pro_credit": BalanceCategory.UNKNOWN,
    # Bills of Shopify's paid out of the balance: the bill itself is posted elsewhere.
    **_reversible("billing_debit collections_credit", BalanceCategory.UNKNOWN),
    # Insurance against chargebacks and fraud: premium or compensation, by sign and contract.
    **_reversible(
        "chargeback_protection_credit chargeback_protection_debit seller_protection_credit",
        BalanceCategory.UNKNOWN,
    ),
    # Income of another kind than sales.
    **_reversible("ads_publisher_credit", BalanceCategory.UNKNOWN),
    # A word of the processor's, of which nobody says whose transfer is given back.
    "transfer_refund": BalanceCategory.UNKNOWN,
}
CATEGORIES: dict[str, BalanceCategory] = {
    "charge": BalanceCategory.CHARGE,
    "refund": BalanceCategory.REFUND,
    "refund_failure": BalanceCategory.REFUND_FAILURE,
    **_each("stripe_fee referral_fee ach_bank_failure_debit_fee", BalanceCategory.FEE),
    **_each(
        "application_fee_refund ach_bank_failure_debit_reversal_fee", BalanceCategory.FEE_REFUND
    ),
    "marketplace_fee_credit": BalanceCategory.FEE_REFUND,
    "marketplace_fee_credit_reversal": BalanceCategory.FEE,
    "dispute_withdrawal": BalanceCategory.DISPUTE,
    "dispute_reversal": BalanceCategory.DISPUTE_REVERSAL,
    "chargeback_fee": BalanceCategory.DISPUTE_FEE,
    "chargeback_fee_refund": BalanceCategory.DISPUTE_FEE_REFUND,
    **_each(
        "reserved_funds reserved_funds_withdrawal risk_withdrawal chargeback_hold",
        BalanceCategory.RESERVE_HOLD,
    ),
    **_each(
        "reserved_funds_reversal risk_reversal chargeback_hold_release",
        BalanceCategory.RESERVE_RELEASE,
    ),
    **_each("adjustment charge_adjustment refund_adjustment", BalanceCategory.ADJUSTMENT),
    # Corrections and gifts of Shopify's.
    **_reversible(
        "anomaly_credit anomaly_debit merchant_goodwill_credit promotion_credit"
        " channel_promotion_credit",
        BalanceCategory.ADJUSTMENT,
    ),
    **_reversible(
        "vat_refund_credit tax_adjustment_debit tax_adjustment_credit agentic_fee_tax_debit"
        " agentic_fee_tax_credit",
        BalanceCategory.TAX,
    ),
    **_each(
        "referral_fee_tax import_tax import_tax_adjustment import_tax_refund", BalanceCategory.TAX
    ),
    **_each(
        "shipping_label shipping_label_adjustment shipping_label_adjustment_base"
        " shipping_label_adjustment_surcharge shipping_return_to_origin_adjustment"
        " shipping_other_carrier_charge_adjustment",
        BalanceCategory.LABEL,
    ),
    **_each("customs_duty customs_duty_adjustment", BalanceCategory.DUTY),
    "transfer": BalanceCategory.PAYOUT,
    **_each("transfer_failure transfer_cancel", BalanceCategory.PAYOUT_FAILURE),
    # To and from the merchant's own account at Shopify.
    **_each("balance_transfer_inbound balance_transfer_outbound", BalanceCategory.TRANSFER),
    **_UNDECIDED,
}
# What led to a transaction. Only of adjustments it says more than the type does.
DISPUTE_SOURCE = "dispute"
ADJUSTMENTS: dict[str, BalanceCategory] = {
    **_each(
        "adjustment adjustment_reversal system_adjustment charge refund transfer",
        BalanceCategory.ADJUSTMENT,
    ),
    DISPUTE_SOURCE: BalanceCategory.DISPUTE,
}


def categorise(kind: str | None, source: str | None, amount: Decimal) -> BalanceCategory:
    """Return what a movement is to the books; ``amount`` is signed."""
    found = translate(CATEGORIES, kind, BalanceCategory.UNKNOWN)
    if found is not BalanceCategory.ADJUSTMENT or (kind or "").lower() != "adjustment":
        return found
    found = translate(ADJUSTMENTS, source or "adjustment", BalanceCategory.UNKNOWN)
    if found is BalanceCategory.DISPUTE and amount > 0:
        return BalanceCategory.DISPUTE_REVERSAL
    return found
