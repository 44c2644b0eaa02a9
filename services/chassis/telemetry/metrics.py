"""Every metric of the house, declared once."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The metrics of one process, in a registry of their own."""

    def __init__(self, service: str) -> None:
        self.registry = CollectorRegistry()
        self.service = self._gauge("service", "Always 1; the label names the service.", "service")
        self.service.labels(service).set(1)
        self.rpc_started = self._counter("rpc_started", "RPCs that arrived.", "method")
        self.rpc_handled = self._counter("rpc_handled", "RPCs that ended, by status code.", "method", "code")
        self.rpc_seconds = Histogram(
            "bole_rpc_seconds",
            "Seconds from arrival to end of unary RPCs.",
            ["method"],
            registry=self.registry,
            buckets=_SECONDS,
        )
        self.streams_open = self._gauge("streams_open", "Server streams that are open.", "method")
        self.rpc_revealed = self._counter("rpc_revealed", "Responses that showed personal fields.", "method")
        self.feed_lag = self._gauge(
            "feed_lag_records", "Records of the log not yet applied.", "feed", "topic"
        )
        self.dead_letters = self._gauge("dead_letters", "Records set aside and not replayed.", "feed")
        self.outbox_waiting = self._gauge("outbox_waiting_records", "Events not yet on the log.")
        self.outbox_age = self._gauge("outbox_age_seconds", "Age of the oldest event not yet on the log.")
        self.loop_failures = self._counter(
            "loop_failures", "Rounds of work in the background that failed and are done again.", "loop"
        )
        self.index_size = self._gauge("index_entries", "Entries of the search index.", "index")
        self.webhooks = self._gauge(
            "webhooks", "Webhooks that are level or on their way, failing, or disabled.", "state"
        )
        self.webhook_attempts = self._counter("webhook_attempts", "Messages sent to endpoints.", "outcome")
        self.partner_erasures = self._gauge(
            "partner_erasures", "Erasures that partners have not acknowledged: open, and overdue.", "state"
        )
        self.certificate_expires = self._gauge(
            "certificate_expires_timestamp_seconds", "When the certificate that is shown ends, in Unix time."
        )

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(f"bole_{name}", what, labels, registry=self.registry)

    def _gauge(self, name: str, what: str, *labels: str) -> Gauge:
        return Gauge(f"bole_{name}", what, labels, registry=self.registry)
