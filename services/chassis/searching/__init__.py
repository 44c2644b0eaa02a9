"""Finding records by words: what is kept of a record, what is asked of it, and how each engine answers.

A record is kept as a set of tokens. What its text says becomes pairs of neighbouring characters (and the last one of
a run), whole words of Latin letters, and the sounds of names; what the catalogue says of it becomes its codes, so
that names and aliases are looked up when somebody asks and never go stale. A single character or the beginning of a
word is the beginning of tokens; a longer text is all its pairs, and is looked up in the text itself where pairs
alone could deceive.
"""
