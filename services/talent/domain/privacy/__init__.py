"""What an act on people needs and leaves: consent, a second word, looks on record."""
