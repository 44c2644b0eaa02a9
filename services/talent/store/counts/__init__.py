"""The counts of the shortage map in the database: their revision, cells, employers, and the records they come from."""
