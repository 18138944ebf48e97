"""Subscriptions of a receiver on loopback, really committed, and what is sent to it."""

from ..canonical.event import EVENTS, OrderCancelled
from .outbox import OutboxCase
from .receiver import Receiver, ToLoopback

PARAMETERS = {
    "retail_connector.event_networks": "127.0.0.0/8",
    "retail_connector.event_plain_http": "1",
}


def allow_loopback(env, allowed=True):
    """Let events be posted to this machine, as administrators may."""
    for name, value in PARAMETERS.items():
        env["ir.config_parameter"].sudo().set_param(name, value if allowed else False)


def create_subscriber(env, **values):
    """Create a running backend that takes events."""
    return env["retail.backend"].create(
        {"name": "Subscriber", "provider": "canonical", "state": "running", **values}
    )


def subscribe(backend, url="https://receiver.example.com/events", types=None, **values):
    """Create a started subscription; return it and its secret."""
    codes = types or list(EVENTS)
    event_types = backend.env["retail.event.type"].search([("code", "in", codes)])
    subscription = backend.env["retail.subscription"].create(
        {
            "name": "Loyalty",
            "backend_id": backend.id,
            "url": url,
            "event_type_ids": event_types.ids,
            "state": "active",
            **values,
        }
    )
    return subscription, subscription._new_secret()


class SubscriptionCase(ToLoopback, OutboxCase):
    """Deliveries with real cursors, to a receiver that misbehaves."""

    def setUp(self):
        super().setUp()
        self.receiver = Receiver()
        self.addCleanup(self.receiver.close)
        with self.committed() as env:
            allow_loopback(env)
            backend = env["retail.backend"].browse(self.backend_id)
            backend.provider = "canonical"
            subscription, self.secret = subscribe(backend, self.receiver.url)
            self.subscription_id = subscription.id

    def _clean_up(self):
        with self.committed() as env:
            allow_loopback(env, allowed=False)
            for table in ("outbox_command", "subscription", "event_change"):
                env.cr.execute(
                    f"DELETE FROM retail_{table} WHERE backend_id = %s", [self.backend_id]
                )
        return super()._clean_up()

    def tell(self, *subjects, subscription_id=None):
        """Owe the subscription events of these orders; committed."""
        with self.committed() as env:
            subscription = env["retail.subscription"].browse(
                subscription_id or self.subscription_id
            )
            env["retail.outbox.command"]._put_events(
                (subscription._wish(), f"order:{subject}", self.event(env, subject), None)
                for subject in subjects
            )

    def event(self, env, subject):
        """Return an event of an order."""
        return env["retail.event"]._event(subject, OrderCancelled(order=subject))

    def subscription(self, *names):
        """Return fields of the subscription, as they are committed."""
        with self.committed() as env:
            found = env["retail.subscription"].browse(self.subscription_id)
            values = tuple(found[name] for name in names)
        return values if len(values) > 1 else values[0]

    def act(self, method, *args):
        """Call a method of the subscription; committed."""
        with self.committed() as env:
            return getattr(env["retail.subscription"].browse(self.subscription_id), method)(*args)

    def end_rest(self):
        """Let the subscriber's rest be over."""
        self.execute("UPDATE retail_subscription SET rests_until = NULL")

    def sweep(self):
        """Release what may be tried; committed."""
        with self.committed() as env:
            env["retail.subscription"]._sweep()

    def told(self):
        """Return the subjects that came, verified, in their order."""
        return [event["subject"] for event in self.receiver.verified(self.secret)]
