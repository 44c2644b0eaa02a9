"""The installation on this machine: its processes, its health, its backups and moves."""
