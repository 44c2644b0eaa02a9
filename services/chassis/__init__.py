"""Plumbing that knows no service: settings, storage, events, identity, sealing, audit, telemetry."""
