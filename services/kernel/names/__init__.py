"""Personal names: script, look-alikes, surnames and how common they are."""
