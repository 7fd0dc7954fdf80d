"""`gridcase bench`: lives a second, delays, what the same costs without logic, and whether cost grows with what is stored."""
