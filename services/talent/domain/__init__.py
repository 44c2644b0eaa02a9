"""What the talent service is about: people, teams, positions and the shortage of people. Pure: no input, no output."""
