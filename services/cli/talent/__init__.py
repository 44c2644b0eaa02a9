"""Commands about people, teams, positions, the shortage map and its reports."""
