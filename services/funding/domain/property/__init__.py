"""Intellectual property of firms (知识产权): rights, pledges of them, bank loans and the first loan."""
