"""`gridcase token`: a token for a role or a post, signed by the local issuer of the system that runs."""

from pathlib import Path

from deploy.issuer.accounts import Account, account_for, accounts
from deploy.issuer.local import has_keys, local_mint
from deploy.refusal import CannotDo
from deploy.running import Running, running_in, shown_in
from shared.access import Role
from shared.city import City
from shared.citypack import city_folder, load_city


class NoToken(CannotDo):
    """There is nobody to sign it, or nobody to sign it for."""


def token_for(role: str, post: str | None, hours: float, data: Path) -> str:
    """Return a token. Raises NoToken with what to do."""
    folder, running = found(data)
    city = load_city(city_folder(running.settings["GRIDCASE_CITY"]))
    account = chosen(role, post, city)
    return local_mint(folder, running.settings["GRIDCASE_ISSUER"]).token(account.id, account.roles, hours)


def found(data: Path) -> tuple[Path, Running]:
    """Return the folder of the system that runs, which may be a demo's, and what it tells."""
    for folder in (data, shown_in(data)):
        running = running_in(folder) if folder is not None else None
        if folder is not None and running is not None:
            if "GRIDCASE_ISSUER" not in running.settings or not has_keys(folder):
                raise NoToken("What runs here has no issuer of its own: start it with `gridcase up --issuer`, or ask your own issuer.")
            return folder, running
    raise NoToken(f"Nothing runs in {data}: start `gridcase up --issuer` or `gridcase demo`, or say where with --data.")


def chosen(role: str, post: str | None, city: City) -> Account:
    if role not in set(Role):
        raise NoToken(f"There is no role {role!r}; the roles are {', '.join(Role)}.")
    if post is None:
        account = account_for(Role(role), city)
        if account is None:
            raise NoToken(f"The city has no post with the role {role}.")
        return account
    account = accounts(city).get(post)
    if account is None or Role(role) not in account.roles:
        fit = [id for id, one in accounts(city).items() if role in one.roles]
        raise NoToken(f"There is no account {post!r} with the role {role}; there are {', '.join(fit[:8])}{' ...' if len(fit) > 8 else ''}.")
    return account
