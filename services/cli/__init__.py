"""The command line: `bole …`. A thin client of the services; it starts them only as processes."""
