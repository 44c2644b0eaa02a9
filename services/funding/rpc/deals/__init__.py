"""Deals over gRPC: their way, who decides, what is looked at, and what is looked for."""
