"""How a message repeats what it was given."""

_LONGEST = 40


def excerpt(value: str) -> str:
    """At most 40 characters of `value`, with `…` if there are more; what cannot be printed becomes U+FFFD."""
    kept = value if len(value) <= _LONGEST else value[:_LONGEST] + "…"
    return kept if kept.isprintable() else "".join(char if char.isprintable() else "\ufffd" for char in kept)
