"""What is new for whoever asks: since when, and what."""
