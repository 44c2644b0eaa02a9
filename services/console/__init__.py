"""What people and partners' programs see over HTTP; a client of the three services, without a database."""
