"""What can be done with firms, funds and deals; one transaction each, given by the caller."""
