"""What every page shares: who visits, in which language, how answers and refusals are made."""
