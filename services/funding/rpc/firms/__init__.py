"""Firms over gRPC: who they are, what they report, own and seek."""
