"""How good answers are, on labelled sets."""
