"""Reports and releases over gRPC."""
