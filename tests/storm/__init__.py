"""The storm: real processes, faults by a seed, and clients that remember what they were promised."""
