"""What the log takes, gives back and refuses, on a real Apache Kafka."""

from collections import defaultdict
from collections.abc import AsyncIterator

import pytest
from aiokafka import TopicPartition

from deploy.topics import WrongPartitions, create_topics
from shared.events import MAX_BYTES, AnyEvent, decode, encode
from shared.memory import Taken, fingerprint
from shared.settings import Settings
from shared.stream import Away, KafkaLog
from tests.deployment import unique
from tests.eventually import eventually
from tests.facts import reported


@pytest.fixture
def settings(kafka: str) -> Settings:
    return Settings(kafka=kafka, topic=unique("facts-"), partitions=3)


@pytest.fixture
async def log(settings: Settings) -> AsyncIterator[KafkaLog]:
    await create_topics(settings)
    opened = KafkaLog(settings, "test", patience=20)
    await opened.start()
    yield opened
    await opened.stop()


def nothing() -> None:
    return


async def facts(log: KafkaLog, **start: int) -> list[AnyEvent]:
    begins, ends = await log.begins(range(3)), await log.ends(range(3))
    places = {p: TopicPartition(log.topic, p) for p in begins}
    read = log.read({places[p]: at for p, at in begins.items()}, {places[p]: at for p, at in ends.items()})
    return [decode(record.value or b"") async for record in read]


async def test_what_is_published_stands_where_the_answer_says_in_the_order_of_each_case(log: KafkaLog):
    events = [reported(f"case-{n}", text=f"{n}") for n in range(60)]
    stands = await log.publish(events)
    assert [partition for partition, _ in stands] == [log.partition(event.case_id.encode()) for event in events]
    by_partition: defaultdict[int, list[int]] = defaultdict(list)
    for partition, offset in stands:
        by_partition[partition].append(offset)
    assert {p: sorted(offsets) for p, offsets in by_partition.items()} == {p: list(range(n)) for p, n in (await log.ends(range(3))).items()}
    assert sorted(event.id for event in await facts(log)) == sorted(event.id for event in events)


async def test_one_message_is_found_again_by_its_place_and_told_from_all_others(log: KafkaLog):
    event = reported("case-1")
    [(partition, offset)] = await log.publish([event])
    assert await log.marks_at({partition: offset}) == {partition: fingerprint(b"case-1", encode(event))}
    assert await log.marks_at({partition: offset + 1}) == {}


async def test_a_group_that_never_committed_has_no_offsets(log: KafkaLog):
    assert await log.committed(unique("group")) == {}


async def test_topics_are_created_once_and_a_wrong_number_of_partitions_is_refused_with_the_way_out(kafka: str):
    settings = Settings(kafka=kafka, topic=unique("facts-"), partitions=3)
    assert await create_topics(settings) == [settings.topic, f"{settings.topic}.dead", f"{settings.topic}.looks"]

    async def nothing_is_left_to_create() -> bool:
        return await create_topics(settings) == []

    await eventually(nothing_is_left_to_create)
    with pytest.raises(WrongPartitions, match="GRIDCASE_PARTITIONS=3"):
        await create_topics(settings.model_copy(update={"partitions": 4}))


async def test_topics_that_kafka_refuses_to_make_are_not_said_to_be_there(kafka: str):
    with pytest.raises(Away, match="InvalidReplicationFactor"):
        await create_topics(Settings(kafka=kafka, topic=unique("facts-"), replication=3), patience=0.5)


async def test_a_topic_that_does_not_exist_is_named_after_the_patience(kafka: str):
    log = KafkaLog(Settings(kafka=kafka, topic=unique("missing-")), patience=0.5)
    with pytest.raises(Away, match="gridcase topics"):
        await log.start()
    await log.stop()


async def test_an_event_that_is_too_large_is_refused_before_it_is_sent(log: KafkaLog):
    large = reported("case-1", attributes={"a": "x" * MAX_BYTES})
    with pytest.raises(ValueError, match=f"{MAX_BYTES} are allowed"):
        await log.publish([large])
    assert set((await log.ends(range(3))).values()) == {0}


@pytest.mark.parametrize("size", [0, 10, 900_000, 1_000_000, 1_048_000])
async def test_a_message_of_any_size_that_the_log_could_hold_can_be_buried_whole(log: KafkaLog, size: int):
    taken = Taken(2, 17, b"key", b"\xff" * size, nothing)
    await log.bury(taken, "decode", "no JSON " * 1000)
    place = TopicPartition(f"{log.topic}.dead", 0)
    ends = await log.reader.end_offsets([place])
    [letter] = [record async for record in log.read({place: 0}, ends)]
    head = {name: value.decode() for name, value in letter.headers}
    assert (letter.key, letter.value) == (b"key", b"\xff" * size)
    assert (head["partition"], head["offset"], head["step"], head["service"]) == ("2", "17", "decode", "test")
    assert head["reason"].startswith("no JSON")


async def test_a_message_without_key_and_value_can_be_buried(log: KafkaLog):
    await log.bury(Taken(0, 0, None, None, nothing), "decode", "ends here")
    place = TopicPartition(f"{log.topic}.dead", 0)
    [letter] = [record async for record in log.read({place: 0}, await log.reader.end_offsets([place]))]
    assert (letter.key, letter.value or b"") == (None, b"")


async def test_kafka_that_is_away_is_said_to_be_away_after_the_patience():
    log = KafkaLog(Settings(kafka="127.0.0.1:1"), patience=0.5)
    with pytest.raises(Away, match=r"127\.0\.0\.1:1"):
        await log.start()
    await log.stop()
