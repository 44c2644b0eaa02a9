"""Partners: what lets them in, what they are told of, and what they owe."""
