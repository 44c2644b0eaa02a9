"""The contract's messages as JSON: proto3's own mapping, with the contract's field names (`display_name`)."""
