"""The funding service on the wire: messages in, use cases, messages out."""
