"""Apache Kafka as one KRaft node on 127.0.0.1, with its log in a folder that outlives it.

Everything is kept for ever: the log is the only truth, and a group that comes back after a year must find its offsets.
A broker that was killed is let in again only when its session has ended, so that is short: back in 4 s instead of 12 s.
"""

import base64
import socket
import struct
import subprocess
import uuid
from functools import partial
from pathlib import Path

from deploy.local.jars import Say, find_java, jars
from deploy.local.ports import free_port
from deploy.local.process import EngineFailed, Process

VERSION = "4.1.1"
JARS = (f"org.apache.kafka:kafka_2.13:{VERSION}", "org.apache.logging.log4j:log4j-slf4j-impl:2.24.3")
START_SECONDS = 90
JavaRun = list[str]

_JVM = ["-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]

_PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={log}
auto.create.topics.enable=false
message.max.bytes=1048576
log.retention.ms=-1
log.message.timestamp.after.max.ms=9223372036854775807
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
log.cleaner.dedupe.buffer.size=16777216
offsets.retention.minutes=5256000
offsets.topic.replication.factor=1
offsets.topic.num.partitions=8
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
"""
_LOGGING = """\
<?xml version="1.0" encoding="UTF-8"?>
<Configuration status="WARN" shutdownHook="disable">
  <Appenders><Console name="out"><PatternLayout pattern="%d{ISO8601} %-5p %c{1} %m%n"/></Console></Appenders>
  <Loggers>
    <Logger name="kafka.server.KafkaRaftServer" level="INFO"/>
    <Root level="WARN"><AppenderRef ref="out"/></Root>
  </Loggers>
</Configuration>
"""
_METADATA, _VERSION_0, _CORRELATION = 3, 0, 1


def find_kafka(say: Say) -> JavaRun:
    """Java and the classpath of Kafka; `EngineUnavailable` if the one or the other cannot be had."""
    return [str(find_java()), "-cp", f"{jars(f'kafka-{VERSION}', JARS, say)}/*"]


def start_kafka(java: JavaRun, home: Path, port: int) -> Process:
    """Start the broker on `home` and wait until it answers; the first time in this folder, format it."""
    home.mkdir(parents=True, exist_ok=True)
    properties, logging, log = home / "server.properties", home / "log4j2.xml", home / "log"
    properties.write_text(_PROPERTIES.format(port=port, controller=free_port(), log=log.resolve()))
    logging.write_text(_LOGGING)
    run = [*java, *_JVM, f"-Dlog4j2.configurationFile={logging}"]
    if not (log / "meta.properties").exists():
        _format([*run, "kafka.tools.StorageTool"], properties)
    broker = Process("Kafka", [*run, "kafka.Kafka", properties], home / "kafka.out")
    broker.await_ready(partial(answers_metadata, port), within=START_SECONDS)
    return broker


def answers_metadata(port: int) -> bool:
    """Whether a broker on this port names at least one broker that is ready to serve (Kafka's Metadata request)."""
    client = b"gridcase"
    header = struct.pack(">hhih", _METADATA, _VERSION_0, _CORRELATION, len(client)) + client
    request = header + struct.pack(">i", 0)
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as link, link.makefile("rb") as answer:
            link.sendall(struct.pack(">i", len(request)) + request)
            (size,) = struct.unpack(">i", answer.read(4))
            _, brokers = struct.unpack(">ii", answer.read(size)[:8])
    except (OSError, struct.error):
        return False
    return bool(brokers > 0)


def _format(run: list[str], properties: Path) -> None:
    """Prepare an empty log folder, once; a format cut short is taken up again."""
    cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode()[:22].replace("-", "A")
    command = [*run, "format", "--ignore-formatted", "-t", cluster, "-c", str(properties)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=START_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise EngineFailed(f"Kafka did not format its log folder within {START_SECONDS} seconds.") from None
    if done.returncode != 0:
        last = "\n".join((done.stdout + done.stderr).splitlines()[-8:])
        raise EngineFailed(f"Kafka cannot format its log folder:\n{last}")
