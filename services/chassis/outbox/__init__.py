"""What a change leaves behind: history and events in its transaction, and the relay that moves events to the log."""
