"""A fund: its mandate, what it holds, and the quotas it keeps."""
