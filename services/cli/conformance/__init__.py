"""`bole conformance`: a partner checks that the stream keeps its promises, and its own store against the stream."""
