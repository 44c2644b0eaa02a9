"""Topics of partners' own on the log: opened and closed, and told of match events."""
