"""What imports leave in the database."""
