"""The webhook. Source: docs.easypost.com/docs/webhooks: every event goes to every webhook.

The secret is ours: it is given to EasyPost when the webhook is made, and again whenever the
subscriptions are set up, so that a rotated one is told.
"""

from collections.abc import Sequence

from odoo.addons.retail_connector_base.providers import SubscriptionReport

from .client import EasyPostClient


def synchronise(
    client: EasyPostClient, url: str, topics: Sequence[str], secret: str
) -> SubscriptionReport:
    """Have one webhook send to ``url``, signed with our secret."""
    wanted = tuple(sorted(set(topics)))
    ours = [row for row in client.get("webhooks").get("webhooks") or () if row.get("url") == url]
    for row in ours[1:]:
        client.delete("webhooks", str(row["id"]))
    if not ours:
        client.post("webhooks", body={"webhook": {"url": url, "webhook_secret": secret}},
                    harmless=True)  # fmt: skip
        return SubscriptionReport(created=wanted)
    # An update enables one that failed too often as well.
    row, path = ours[0], ("webhooks", str(ours[0]["id"]))
    client.post(*path, body={"webhook_secret": secret}, harmless=True, method="PATCH")
    repaired = wanted if row.get("disabled_at") else ()
    return SubscriptionReport(
        present=() if repaired else wanted, repaired=repaired, removed=wanted if ours[1:] else ()
    )
