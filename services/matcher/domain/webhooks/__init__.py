"""Webhooks: what one is, where it may lead, how its messages are signed and when they are tried again."""
