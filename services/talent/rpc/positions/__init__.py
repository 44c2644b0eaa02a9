"""Positions over gRPC, and what employers need beside them."""
