"""Where people, teams and positions are kept."""
