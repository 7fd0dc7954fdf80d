"""Consumer groups, as tools see them: who is in one, and how to forget one. aiokafka has the second only as a bare request."""

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupIdNotFound, NoError, for_code
from aiokafka.protocol.admin import DeleteGroupsRequest

from deploy.topics import connected
from shared.settings import Settings


async def members_of(settings: Settings, group: str) -> int:
    """Return how many processes are in a group."""
    async with connected(settings) as log:
        [answer] = await log.admin.describe_consumer_groups([group])
        return sum(len(described[5]) for described in answer.groups)


async def drop_group(settings: Settings, group: str) -> None:
    """Forget a group and its offsets; one that is not there is forgotten already. Raises KafkaError if it has members."""
    async with connected(settings) as log:
        await log.patiently(lambda: forget(log.admin, group))


async def forget(admin: AIOKafkaAdminClient, group: str) -> None:
    node = await admin.find_coordinator(group)
    answer = await admin._send_request_to_node(node, DeleteGroupsRequest([group]))
    for _, code in answer.results:
        error = for_code(code)
        if error not in (NoError, GroupIdNotFound):
            raise error(f"Cannot forget the group {group}")
