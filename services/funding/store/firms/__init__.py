"""Where firms and what is known of them are kept."""
