"""People and teams over gRPC: the library, what is known of them and by whom, and their nominations."""
