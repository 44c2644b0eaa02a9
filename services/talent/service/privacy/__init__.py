"""What people allow and take back, what is erased, and which acts need a second person."""
