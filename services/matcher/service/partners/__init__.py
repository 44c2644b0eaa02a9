"""What partners may do and what is done for them."""
