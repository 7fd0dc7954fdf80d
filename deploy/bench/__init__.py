"""`gridcase bench`: how many whole lives a second, how soon somebody has a case, what the machine itself costs, and whether cost grows with what is stored."""
