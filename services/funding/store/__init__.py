"""Where firms, funds and deals are kept."""
