"""What a service says about itself: one-line JSON logs, Prometheus metrics, W3C trace context."""
