"""`gridcase replay`: recorded history goes through the system at the recorded times."""
