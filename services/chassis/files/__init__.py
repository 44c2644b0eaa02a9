"""Files and directories that a process keeps, locks or watches."""
