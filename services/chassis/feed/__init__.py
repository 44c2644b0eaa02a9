"""Reading the log: each record takes effect once, or is set aside with the reason."""
