"""Files over gRPC: what comes in by them, and what leaves."""
