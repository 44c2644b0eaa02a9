"""Funds over gRPC: their money, their mandates and what they hold."""
