"""All dashboards, and the files that they stand in."""

from pathlib import Path

from deploy.grafana.city import CITY
from deploy.grafana.departments import DEPARTMENTS
from deploy.grafana.made import as_json
from deploy.grafana.running import RUNNING

BOARDS = (CITY, DEPARTMENTS, RUNNING)
FOLDER = Path(__file__).parent / "dashboards"


def files() -> dict[Path, str]:
    """Return every dashboard as it should be, by path."""
    return {FOLDER / f"{board.uid.removeprefix('gridcase-')}.json": as_json(board) for board in BOARDS}
