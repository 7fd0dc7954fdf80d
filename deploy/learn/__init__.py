"""`gridcase learn`: learns from history, and switches on only what is better than what runs."""
