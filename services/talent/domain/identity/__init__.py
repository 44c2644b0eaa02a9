"""One person, one record: names compared, evidence weighed, judgements kept, clusters derived from them."""
