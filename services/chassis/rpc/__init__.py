"""gRPC as every service of the house speaks it: server, interceptors, errors, validation, client channel."""
