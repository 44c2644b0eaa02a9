"""Words that console and command line share: what codes, fields and values are called."""
