"""The audit trail: written with every change and every showing, signed, and checked."""
