"""Where the capital of funds comes from: commitments, calls, the graph of funds, look-through size and leverage."""
