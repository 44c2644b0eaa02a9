"""REST and JSON for every method of the contract, made from its descriptors; decides nothing by itself."""
