"""What the actions of somebody in the field are chosen from: reasons, who may approve, types of emergency."""

from datetime import datetime

from services.console.phone.answers import Emergency, Kit, Post
from services.console.phone.errands import ON_MY_WAY
from shared.city import City, Person, Role
from shared.terms import Grade

APPROVING = (Role.UNIT_HEAD, Role.DUTY_OFFICER, Role.OPERATOR)


def kit_of(person: Person, city: City, now: datetime) -> Kit:
    """Return what the person may choose from; of those who may approve, the own head and whoever is on duty come first."""
    local = city.local(now)
    able = [post for post in city.staff.values() if post.id != person.id and may_approve(post, person)]
    able.sort(key=lambda post: (not post.on_duty(local), APPROVING.index(post.role), post.id))
    return Kit(
        pause_reasons=city.pause_reasons,
        look_again_days=city.look_again_days,
        approvers=tuple(Post(id=post.id, title=post.title, on_duty=post.on_duty(local)) for post in able),
        emergencies=tuple(
            Emergency(code=code, name=one.name)
            for code, one in sorted(city.categories.items())
            if not one.confidential and one.grade_of(None) is Grade.EMERGENCY
        ),
        on_way=ON_MY_WAY,
    )


def may_approve(post: Person, person: Person) -> bool:
    """Whether the post is one that approves what this person asks for: a head approves for the own department."""
    return post.role in APPROVING and (post.role is not Role.UNIT_HEAD or post.department == person.department)
