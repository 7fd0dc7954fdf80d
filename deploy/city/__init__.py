"""A city's pack: check it, begin a new one, or make one from recorded cases."""
