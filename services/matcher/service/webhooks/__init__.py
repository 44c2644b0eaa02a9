"""Webhooks: registered by partners, told by a loop of its own, and posted behind a guard."""
