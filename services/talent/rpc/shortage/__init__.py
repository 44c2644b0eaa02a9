"""The shortage map over gRPC: reading it, watching it, and planning with it."""
