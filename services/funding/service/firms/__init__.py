"""Use cases of firms: who they are, what they report, own and seek."""
