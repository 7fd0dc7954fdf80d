"""Tokens for many people at once, each made when somebody first acts: for demos, replays and tests."""

from dataclasses import dataclass, field

from deploy.issuer.accounts import OTHERS, ROLES_OF
from deploy.issuer.minting import Mint
from shared.access import Role
from shared.city import City

HOURS = 24 * 30.0


@dataclass
class Badges:
    """Whoever is a post of the city gets the roles of the post; anybody else is a resident."""

    mint: Mint
    city: City
    made: dict[str, str] = field(default_factory=dict)

    def token(self, who: str) -> str:
        if who not in self.made:
            self.made[who] = self.mint.token(who, self.roles(who), HOURS)
        return self.made[who]

    def roles(self, who: str) -> frozenset[Role]:
        post = self.city.staff.get(who)
        if post is not None:
            return ROLES_OF[post.role]
        return frozenset({OTHERS[who][0] if who in OTHERS else Role.RESIDENT})

    def bearer(self, who: str) -> dict[str, str]:
        """Return the header by which somebody signs a request."""
        return {"Authorization": f"Bearer {self.token(who)}"}

    @property
    def observer(self) -> str:
        """Return who sees as much as anybody may: a post that confidential cases are open to."""
        supervisors = [id for id in sorted(self.city.staff) if Role.SUPERVISOR in self.roles(id)]
        sealed = [id for id in supervisors if id in self.city.confidential_to]
        return next(iter([*sealed, *supervisors]), "duty-officer-01")
