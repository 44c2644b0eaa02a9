"""Rows to search: dense vectors in FAISS, sparse rows, and directories that are whole or refused."""
