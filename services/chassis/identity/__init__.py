"""Who calls: tokens, keys and certificates, and the principals that they become."""
