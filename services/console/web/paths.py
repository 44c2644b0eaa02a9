"""Where a visitor is sent on to: pages of ours alone."""


def inside(path: str) -> str:
    """A path of ours; anything else is the start page."""
    ours = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if ours and "\\" not in path else "/"
