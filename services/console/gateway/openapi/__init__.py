"""The gateway described as OpenAPI 3.1, made from the contract and its comments."""
