"""What the talent service follows on the log."""
