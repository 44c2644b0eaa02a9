"""What is matched with what: items, codes, pair kinds, columns. Pure."""
