"""Screening of a fund's deal flow: rows that are kept level with every change, and what is asked of them."""
