"""The matcher on the wire."""
