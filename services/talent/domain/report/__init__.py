"""Reports on how the future industries fare: composed of one release and of facts frozen with it."""
