"""Double entry in integer fen: accounts, journals whose lines add up to nothing, and the acts that write them."""
