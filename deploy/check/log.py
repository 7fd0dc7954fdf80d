"""Reads the topic of facts and the topic of dead letters, from the first message to the last, with a client of its own."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from aiokafka.partitioner import murmur2

from deploy.check.history import fingerprint
from deploy.check.whole import Letter
from deploy.refusal import CannotDo


@dataclass(frozen=True)
class Log:
    """One topic of facts and its dead letters."""

    kafka: str
    consumer: AIOKafkaConsumer
    admin: AIOKafkaAdminClient
    topic: str
    partitions: tuple[int, ...]

    def place_of(self, key: bytes) -> int:
        """Return the partition where a key belongs."""
        return int((murmur2(key) & 0x7FFFFFFF) % len(self.partitions))

    async def begins(self) -> dict[int, int]:
        """Return the first offset of each partition."""
        found = await self.consumer.beginning_offsets([TopicPartition(self.topic, p) for p in self.partitions])
        return {tp.partition: offset for tp, offset in found.items()}

    async def ends(self) -> dict[int, int]:
        """Return the offset that the next message of each partition will get."""
        found = await self.consumer.end_offsets([TopicPartition(self.topic, p) for p in self.partitions])
        return {tp.partition: offset for tp, offset in found.items()}

    async def committed(self, group: str) -> dict[int, int]:
        """Return what a consumer group has committed; it is not joined."""
        asking = AIOKafkaConsumer(bootstrap_servers=self.kafka, group_id=group, enable_auto_commit=False)
        await asking.start()
        try:
            places = [TopicPartition(self.topic, p) for p in self.partitions]
            asking.assign(places)
            found = {tp.partition: await asking.committed(tp) for tp in places}
        finally:
            await asking.stop()
        return {partition: offset for partition, offset in found.items() if offset is not None}

    async def messages(self, begins: dict[int, int], ends: dict[int, int], told: Callable[[int], None]) -> AsyncIterator[ConsumerRecord]:
        """Yield the messages in order within each partition; `told` hears after each fetch how many came."""
        async for record in drain(self.consumer, self.topic, begins, ends, told):
            yield record

    async def letters(self) -> list[Letter]:
        """Return the dead letters; none if the topic for them is missing."""
        topic = f"{self.topic}.dead"
        places = [TopicPartition(topic, p) for p in await partitions_of(self.admin, topic)]
        if not places:
            return []
        begins = {tp.partition: at for tp, at in (await self.consumer.beginning_offsets(places)).items()}
        ends = {tp.partition: at for tp, at in (await self.consumer.end_offsets(places)).items()}
        return [letter_of(record) async for record in drain(self.consumer, topic, begins, ends, lambda _: None)]


def letter_of(record: ConsumerRecord) -> Letter:
    """Return what a dead letter says of the message in it."""
    told = {name: value.decode(errors="replace") for name, value in record.headers}
    place = (int(told.get("partition", -1)), int(told.get("offset", -1)))
    return Letter(place, told.get("step", "?"), told.get("service", "?"), told.get("reason", "?"), fingerprint(record.key, record.value))


async def drain(
    consumer: AIOKafkaConsumer, topic: str, begins: dict[int, int], ends: dict[int, int], told: Callable[[int], None]
) -> AsyncIterator[ConsumerRecord]:
    left = {TopicPartition(topic, p): end for p, end in ends.items() if begins[p] < end}
    consumer.assign(list(left))
    for tp in left:
        consumer.seek(tp, begins[tp.partition])
    while left:
        for tp, records in (await consumer.getmany(timeout_ms=1000)).items():
            told(len(records))
            for record in records:
                if record.offset < ends[tp.partition]:
                    yield record
            if tp in left and await consumer.position(tp) >= left[tp]:
                del left[tp]
                consumer.pause(tp)


@asynccontextmanager
async def reading(kafka: str, topic: str) -> AsyncIterator[Log]:
    """Give the log. Raises CannotDo if it cannot be reached or there is no such topic."""
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, group_id=None, enable_auto_commit=False, max_partition_fetch_bytes=4_000_000)
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    opened: list[AIOKafkaConsumer | AIOKafkaAdminClient] = []
    try:
        for client in (consumer, admin):
            opened.append(client)
            await client.start()
        partitions = await partitions_of(admin, topic)
        if not partitions:
            raise CannotDo(f"There is no topic {topic} at {kafka}: `gridcase topics` makes it.")
        yield Log(kafka, consumer, admin, topic, partitions)
    except KafkaError as error:
        raise CannotDo(f"Kafka at {kafka} cannot be read: {error!r}") from error
    finally:
        if consumer in opened:
            await consumer.stop()
        if admin in opened:
            await admin.close()


async def partitions_of(admin: AIOKafkaAdminClient, topic: str) -> tuple[int, ...]:
    """Return the numbers of a topic's partitions; none if there is no such topic."""
    if topic not in await admin.list_topics():
        return ()
    [found] = await admin.describe_topics([topic])
    return tuple(sorted(partition["partition"] for partition in found["partitions"]))
