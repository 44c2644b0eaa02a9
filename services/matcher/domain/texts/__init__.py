"""Texts: which words of the vocabulary they hold, what they deny, what they ask for."""
