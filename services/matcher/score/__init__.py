"""The score of a pair: gates that nothing overrides, signed contributions that add up, and the reasons."""
