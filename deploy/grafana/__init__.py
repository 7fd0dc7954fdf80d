"""Grafana's dashboards, made from lists of panels: `python -m deploy.grafana` writes their JSON; a test compares."""
