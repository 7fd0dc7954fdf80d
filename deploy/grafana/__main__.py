"""Writes the JSON of all dashboards."""

from deploy.grafana.boards import files

for path, text in files().items():
    path.write_text(text, encoding="utf-8")
