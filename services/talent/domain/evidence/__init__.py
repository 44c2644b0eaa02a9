"""The evidence register (佐证台账): what the policy counts, by which rule, and how far its goals have come."""
