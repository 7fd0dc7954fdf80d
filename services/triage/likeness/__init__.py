"""Which earlier cases a report may repeat: candidates by place, a score learned from history, and reasons in words."""
