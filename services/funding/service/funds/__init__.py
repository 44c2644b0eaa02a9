"""Use cases of funds: their money, their mandates and what they hold."""
