"""Begins a pack: a copy of the small one that comes with the product, or one made from recorded cases."""

import re
import shutil
from pathlib import Path

from deploy.refusal import CannotDo

TEMPLATE = Path(__file__).with_name("template")


def begin_pack(folder: Path, record: Path | None, names: Path | None) -> None:
    """Write a pack into `folder`. Raises CannotDo if something is there already, or if the record cannot be read."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CannotDo(f"{folder} is not empty; a new pack needs an empty folder, or one that does not exist.")
    if names and not record:
        raise CannotDo("Names are for a pack that is made from recorded cases: say --from FILE, too.")
    if record:
        from deploy.city.record import make_pack  # reads half a year of cases: not for those who want an empty pack

        make_pack(folder, record, names)
    else:
        shutil.copytree(TEMPLATE, folder, dirs_exist_ok=True)
        rename(folder)


def rename(folder: Path) -> None:
    """Give the city the name of its folder."""
    name = re.sub(r"[^a-z0-9-]+", "-", folder.resolve().name.lower()).strip("-")[:64] or "example"
    file = folder / "city.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('name = "example"', f'name = "{name}"', 1), encoding="utf-8")
