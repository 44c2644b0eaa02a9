"""Where items, standing lists, match events and partners are kept."""
