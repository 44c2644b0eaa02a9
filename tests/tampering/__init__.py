"""An intruder with all rights over the database of an audit, by seed."""
