"""The log in Kafka: aiokafka sends, looks up, reads for tools and makes topics. `consuming` is the other module that speaks to Kafka."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from functools import lru_cache, partial
from importlib.metadata import version
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, MessageSizeTooLargeError, TopicAlreadyExistsError, UnknownTopicOrPartitionError, for_code
from aiokafka.partitioner import murmur2

from shared.clock import monotonic
from shared.events import MAX_BYTES, AnyEvent, encode
from shared.memory import Taken, fingerprint
from shared.settings import Settings

DEAD_RETENTION_MS = 90 * 24 * 3600 * 1000
LOOKS_RETENTION_MS = 3 * 365 * 24 * 3600 * 1000
SEND_SECONDS = 10
TROUBLE = (KafkaError, OSError, AssertionError)  # the client asserts that it knows a broker; just after all were away it may not
MOST_BYTES = 2 * 1024 * 1024  # of a dead letter: what a broker takes by default, and the headers


class Away(Exception):
    """Kafka did not answer in time: what was sent may or may not be in the log."""


class KafkaLog:
    """The log of one deployment: send, look up, read. Times are real seconds."""

    def __init__(self, settings: Settings, speaker: str = "gridcase", patience: float | None = None) -> None:
        self.settings, self.topic, self.speaker = settings, settings.topic, speaker
        self.patience = settings.patience_seconds if patience is None else patience
        self.partitions = 0
        self.reading = asyncio.Lock()

    async def start(self) -> None:
        """Connect, waiting for the broker and the topic. Raises Away after `patience`."""
        servers = self.settings.kafka
        self.producer = AIOKafkaProducer(
            bootstrap_servers=servers,
            acks="all",
            enable_idempotence=False,
            linger_ms=2,
            max_batch_size=self.settings.batch_bytes,
            request_timeout_ms=SEND_SECONDS * 1000,
            max_request_size=MOST_BYTES,
        )
        self.reader = AIOKafkaConsumer(bootstrap_servers=servers, group_id=None, enable_auto_commit=False)
        self.admin = AIOKafkaAdminClient(bootstrap_servers=servers)
        for client in (self.producer, self.reader, self.admin):
            await self.patiently(client.start)
        await self.patiently(self.know_partitions)
        self.partition = lru_cache(200_000)(lambda key: (murmur2(key) & 0x7FFFFFFF) % self.partitions)

    async def know_partitions(self) -> None:
        try:
            found = await self.producer.partitions_for(self.topic)
        except UnknownTopicOrPartitionError as error:
            raise KafkaError(f"topic {self.topic} does not exist: run `gridcase topics`") from error
        self.partitions = len(found)

    async def stop(self) -> None:
        """Close what was opened."""
        for client in (self.producer, self.reader):
            await client.stop()
        await self.admin.close()

    async def patiently(self, work: Callable[[], Awaitable[Any]]) -> Any:
        """Repeat what does no harm twice while Kafka is away; raises Away after `patience` seconds."""
        deadline = monotonic() + self.patience
        while True:
            try:
                return await work()
            except TROUBLE as error:
                if monotonic() > deadline:
                    raise Away(f"Kafka at {self.settings.kafka}: {error!r}") from error
                await asyncio.sleep(0.2)

    # -- sending

    async def publish(self, events: Sequence[AnyEvent]) -> list[tuple[int, int]]:
        """Send and wait for every acknowledgement; what fails is sent again, as its id makes that harmless."""
        encoded = [(event.case_id.encode(), encode(event)) for event in events]
        return list(await self.patiently(lambda: self.send(self.topic, encoded)))

    async def publish_once(self, events: Sequence[AnyEvent]) -> list[tuple[int, int]]:
        """Send and wait for every acknowledgement. Raises Away if one is missing; the events may arrive all the same."""
        encoded = [(event.case_id.encode(), encode(event)) for event in events]
        try:
            return await asyncio.wait_for(self.send(self.topic, encoded), SEND_SECONDS)
        except (*TROUBLE, TimeoutError) as error:
            raise Away(repr(error)) from error

    async def send(self, topic: str, messages: Sequence[tuple[bytes, bytes]]) -> list[tuple[int, int]]:
        sent = [await self.producer.send(topic, value, key=key, partition=self.partition(key)) for key, value in messages]
        return [(done.partition, done.offset) for done in await asyncio.gather(*sent)]

    async def note_looks(self, looks: Sequence[tuple[str, bytes]]) -> None:
        """Send records of looks, each with its case id, to the topic of looks, and wait for every acknowledgement. Raises Away."""
        try:
            async with asyncio.timeout(SEND_SECONDS):
                send = partial(self.producer.send, f"{self.topic}.looks", partition=0)
                await asyncio.gather(*[await send(value, key=case_id.encode()) for case_id, value in looks])
        except (*TROUBLE, TimeoutError) as error:
            raise Away(repr(error)) from error

    async def bury(self, taken: Taken, step: str, reason: str) -> None:
        """Write a dead letter: the original bytes and key; position, step and reason in the headers.

        Of a message that the topic of dead letters cannot take whole, the beginning is kept and the header `cut` gives its length.
        """
        headers = {"partition": str(taken.partition), "offset": str(taken.offset), "step": step, "reason": reason[:2000]}
        headers |= {"service": self.speaker, "code": version("gridcase")}
        encoded = [(name, value.encode()) for name, value in headers.items()]

        value = b"" if taken.value is None and taken.key is None else taken.value  # the client refuses to send nothing at all

        async def once() -> None:
            send = partial(self.producer.send_and_wait, f"{self.topic}.dead", key=taken.key, partition=0)
            try:
                await send(value, headers=encoded)
            except MessageSizeTooLargeError:
                await send((value or b"")[:MAX_BYTES], headers=[*encoded, ("cut", str(len(value or b"")).encode())])

        await self.patiently(once)

    # -- looking up

    async def ends(self, partitions: Iterable[int]) -> dict[int, int]:
        """Return the offset that the next message of each partition will get. Raises Away."""
        asked = [TopicPartition(self.topic, partition) for partition in partitions]
        try:
            found = await asyncio.wait_for(self.reader.end_offsets(asked), SEND_SECONDS)
        except (*TROUBLE, TimeoutError) as error:
            raise Away(repr(error)) from error
        return {tp.partition: offset for tp, offset in found.items()}

    async def begins(self, partitions: Iterable[int]) -> dict[int, int]:
        """Return the first offset of each partition."""
        asked = [TopicPartition(self.topic, partition) for partition in partitions]
        found = await self.patiently(lambda: self.reader.beginning_offsets(asked))
        return {tp.partition: offset for tp, offset in found.items()}

    async def committed(self, group: str) -> dict[int, int]:
        """Return what a consumer group has committed, by partition; those never committed are missing."""
        asking = AIOKafkaConsumer(bootstrap_servers=self.settings.kafka, group_id=group, enable_auto_commit=False)
        await self.patiently(asking.start)
        try:
            asked = [TopicPartition(self.topic, partition) for partition in range(self.partitions)]
            asking.assign(asked)
            found = {tp.partition: await self.patiently(partial(asking.committed, tp)) for tp in asked}
        finally:
            await asking.stop()
        return {partition: offset for partition, offset in found.items() if offset is not None}

    async def at(self, offsets: dict[int, int]) -> dict[int, ConsumerRecord]:
        """Return the message at one offset of each partition; partitions whose log has none there are missing."""
        async with self.reading:
            wanted = {TopicPartition(self.topic, p): offset for p, offset in offsets.items()}
            begins, ends = await self.begins(offsets), await self.ends(offsets)
            wanted = {tp: at for tp, at in wanted.items() if begins[tp.partition] <= at < ends[tp.partition]}
            return {record.partition: record async for record in self.read(wanted, {tp: at + 1 for tp, at in wanted.items()})}

    async def marks_at(self, offsets: dict[int, int]) -> dict[int, str]:
        """Return the fingerprint of the message at one offset of each partition."""
        return {p: fingerprint(record.key, record.value) for p, record in (await self.at(offsets)).items()}

    async def read(self, start: dict[TopicPartition, int], end: dict[TopicPartition, int]) -> AsyncIterator[ConsumerRecord]:
        """Yield the messages from `start` up to `end` of each partition; within a partition in order."""
        left = {tp: offset for tp, offset in start.items() if offset < end[tp]}
        self.reader.assign(list(left))
        for tp, offset in left.items():
            self.reader.seek(tp, offset)
        while left:
            for tp, records in (await self.reader.getmany(timeout_ms=1000)).items():
                for record in records:
                    if tp in left and record.offset < end[tp]:
                        yield record
                        left[tp] = record.offset + 1
                if tp in left and left[tp] >= end[tp]:
                    del left[tp]
                    self.reader.pause(tp)

    async def looks_from(self, offset: int, most: int) -> list[tuple[int, bytes]]:
        """Return records of looks with their offsets, beginning at `offset` or where the topic begins now. Raises Away."""
        place = TopicPartition(f"{self.topic}.looks", 0)
        async with self.reading:
            try:
                begins = await asyncio.wait_for(self.reader.beginning_offsets([place]), SEND_SECONDS)
                ends = await asyncio.wait_for(self.reader.end_offsets([place]), SEND_SECONDS)
            except (*TROUBLE, TimeoutError) as error:
                raise Away(repr(error)) from error
            start = max(begins[place], offset)
            end = {place: min(ends[place], start + most)}
            return [(record.offset, record.value or b"") async for record in self.read({place: start}, end)]

    # -- topics

    async def create_topics(self) -> list[str]:
        """Create the topics that are missing; return their names. Kept for ever; dead letters for 90 days, looks for three years."""
        log = NewTopic(self.topic, self.settings.partitions, self.settings.replication, topic_configs={"retention.ms": "-1"})
        buried = {"retention.ms": str(DEAD_RETENTION_MS), "max.message.bytes": str(MOST_BYTES)}
        dead = NewTopic(f"{self.topic}.dead", 1, self.settings.replication, topic_configs=buried)
        looks = NewTopic(f"{self.topic}.looks", 1, self.settings.replication, topic_configs={"retention.ms": str(LOOKS_RETENTION_MS)})
        created = []
        for topic in (log, dead, looks):
            if topic.name not in await self.admin.list_topics():
                answer = await self.admin.create_topics([topic])
                [(_, code, *_)] = answer.topic_errors
                if for_code(code) is TopicAlreadyExistsError:  # another process was faster
                    continue
                if code:
                    raise for_code(code)(topic.name)
                created.append(topic.name)
        return created
