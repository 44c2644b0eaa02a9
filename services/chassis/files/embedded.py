"""Files that stand beside that of an embedded database, by what their names end in."""

from typing import Final

ERASED: Final = "-erased"
"""There from before an erasure is committed until the database is written anew."""
SIDES: Final = ("-wal", "-shm", ERASED)
"""Those that belong to what it holds, and go where it goes."""
