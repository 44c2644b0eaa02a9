"""What is to come and to go: training places, moves, hires of funded deals."""
