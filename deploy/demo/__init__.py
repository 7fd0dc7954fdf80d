"""`gridcase demo`: a synthetic day of a city, lived by simulated residents and staff who act over HTTP."""
