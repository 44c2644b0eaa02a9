"""Requests by the million: made from the contract, spoilt in it or in their bytes."""
