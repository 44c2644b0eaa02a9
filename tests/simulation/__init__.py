"""The cores in simulated time: one thread, clock, bus, store and every fault by one seed."""
