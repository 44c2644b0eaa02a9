"""Commands about matches, their stream, and the partners who follow it."""
