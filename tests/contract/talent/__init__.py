"""The same of the talent service, on libraries that end with this folder."""
