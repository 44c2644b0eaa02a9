"""One person, one record: finding, deciding, merging and undoing."""
