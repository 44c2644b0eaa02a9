"""Where funds and their money are kept."""
