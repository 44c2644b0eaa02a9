"""The methods about partners."""
