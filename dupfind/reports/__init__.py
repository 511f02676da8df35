"""Reports: what is found, in the form its reader needs. A report never runs the engine."""
