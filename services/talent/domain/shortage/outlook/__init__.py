"""What is to come: forecasts, what-if, allocation, and what became of those on record."""
