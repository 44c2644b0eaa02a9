"""Where deals, what was said on them and their screening are kept."""
