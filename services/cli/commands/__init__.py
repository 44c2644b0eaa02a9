"""The commands, one file per noun. What they need is imported when they run: `--help` stays quick."""
