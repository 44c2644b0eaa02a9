"""How fast the matcher searches, keeps its lists, tells of them, and starts."""
