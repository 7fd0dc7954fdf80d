"""`gridcase photos`: what is done with all photos at once."""
