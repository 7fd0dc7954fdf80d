"""Who can sign in at the local issuer: every post of the city, and one account each for the roles that no post has."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.access import Role
from shared.category import Words
from shared.city import City
from shared.city import Role as Post

ROLES_OF: Mapping[Post, frozenset[Role]] = {
    Post.GRID_WORKER: frozenset({Role.GRID_WORKER}),
    Post.BUILDING_HEAD: frozenset({Role.BUILDING_HEAD}),
    Post.UNIT_WORKER: frozenset({Role.UNIT}),
    Post.UNIT_HEAD: frozenset({Role.UNIT}),
    Post.MEDIATOR: frozenset({Role.UNIT}),
    Post.VOLUNTEER: frozenset({Role.VOLUNTEER}),
    Post.OPERATOR: frozenset({Role.OPERATOR}),
    Post.DUTY_OFFICER: frozenset({Role.SUPERVISOR}),
    Post.LEADER: frozenset({Role.SUPERVISOR}),
}
OTHERS = {
    "manager-01": (Role.MANAGER, Words(zh="城市管理者01号", en="Manager 01")),
    "auditor-01": (Role.AUDITOR, Words(zh="审计员01号", en="Auditor 01")),
    "admin-01": (Role.ADMIN, Words(zh="系统管理员01号", en="Administrator 01")),
    "resident-01": (Role.RESIDENT, Words(zh="居民01号", en="Resident 01")),
}


@dataclass(frozen=True)
class Account:
    """Somebody who can sign in: the id, the roles of the token, and how they are called."""

    id: str
    roles: frozenset[Role]
    title: Words


def accounts(city: City) -> dict[str, Account]:
    """Return all accounts by id, the posts in the order of the city's file."""
    posts = {id: Account(id, ROLES_OF[post.role], post.title) for id, post in city.staff.items()}
    others = {id: Account(id, frozenset({role}), title) for id, (role, title) in OTHERS.items() if id not in posts}
    return {**posts, **others}


def account_for(role: Role, city: City) -> Account | None:
    """Return the first account that has the role."""
    return next((one for one in accounts(city).values() if role in one.roles), None)
