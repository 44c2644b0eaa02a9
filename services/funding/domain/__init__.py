"""What funding knows: firms, funds, mandates, deals, and screening. Pure: no storage, no clock."""
