"""Disclosure control: which numbers of the shortage map may be shown, so that no small one can be worked out."""
