"""The gateway over HTTP, beside the services themselves."""
