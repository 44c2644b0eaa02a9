"""Where partners, their keys, topics and webhooks are kept."""
