"""What is measured of the audit."""
