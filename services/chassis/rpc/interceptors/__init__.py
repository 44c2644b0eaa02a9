"""Around every RPC, outermost first: context, metrics, errors, identity, validation, disclosure."""
