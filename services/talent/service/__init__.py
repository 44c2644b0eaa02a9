"""What can be done with people, teams, positions and the map; one transaction each, given by the caller."""
