"""The talent service against what its database does by itself."""
