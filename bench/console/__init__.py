"""What people and partners' programs see."""
