"""`gridcase evaluate`: measures the decisions on files whose answers are known."""
