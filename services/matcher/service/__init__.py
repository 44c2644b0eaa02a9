"""What the matcher does: keeps the space and its lists level with the items, and answers from them."""
