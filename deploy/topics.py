"""`gridcase topics`: the two topics exist and have the partitions that the settings say."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiokafka.admin import AIOKafkaAdminClient

from deploy.refusal import CannotDo
from shared.settings import Settings
from shared.stream import KafkaLog

TOOL_PATIENCE = 15.0  # seconds; a person is waiting


class WrongPartitions(CannotDo):
    """A topic has another number of partitions than the settings say."""


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[KafkaLog]:
    """Give the log for tools, whose topic must exist."""
    log = KafkaLog(settings, patience=TOOL_PATIENCE)
    await log.start()
    try:
        yield log
    finally:
        await log.stop()


async def create_topics(settings: Settings, patience: float = TOOL_PATIENCE) -> list[str]:
    """Create the topics that are missing and return their names. Raises WrongPartitions, and Away after `patience` seconds."""
    log = KafkaLog(settings, patience=patience)
    log.admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka)
    await log.patiently(log.admin.start)
    try:
        created: list[str] = await log.patiently(log.create_topics)
        if settings.topic not in created:
            [topic] = await log.patiently(lambda: log.admin.describe_topics([settings.topic]))
            check_partitions(settings, len(topic["partitions"]))
    finally:
        await log.admin.close()
    return created


def check_partitions(settings: Settings, found: int) -> None:
    """Raise WrongPartitions unless the topic has as many as the settings say."""
    if found != settings.partitions:
        raise WrongPartitions(
            f"The topic {settings.topic} has {found} partitions, but GRIDCASE_PARTITIONS is {settings.partitions}. The number decides "
            f"where a case's events stand and can never be changed: set GRIDCASE_PARTITIONS={found}, or name another GRIDCASE_TOPIC."
        )
