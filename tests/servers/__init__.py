"""Real servers for the tests: PostgreSQL and Apache Kafka, on loopback, in directories of their own."""
