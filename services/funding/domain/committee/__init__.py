"""Committees (投资决策委员会): who sits on them, how they vote, and what they decide."""
