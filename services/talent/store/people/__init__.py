"""Where what is known and said of people is kept."""
