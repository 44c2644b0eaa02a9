"""What is counted in a cell and how counts add up: people, positions, employers, flows, coverage."""
