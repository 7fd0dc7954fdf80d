"""Every setting, read from the environment (prefix `GRIDCASE_`); the defaults work against the local engines."""

from datetime import datetime
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """All that a process reads from its environment."""

    model_config = SettingsConfigDict(env_prefix="GRIDCASE_", frozen=True)

    kafka: str = Field("127.0.0.1:9092", description="Kafka bootstrap servers, host:port, separated by commas")
    mongo: str = Field("mongodb://127.0.0.1:27017", description="MongoDB URL; in production a replica set with w=majority and journal=true")
    database: str = Field("gridcase", description="Prefix of the names of all databases and consumer groups")
    topic: str = Field("case-events", description="The topic that holds all facts; `<topic>.dead` holds what could not be read")
    partitions: int = Field(12, ge=1, description="Partitions of a new topic; fixed for ever once it exists")
    replication: int = Field(1, ge=1, description="Replicas of a new topic; 3 in production")
    city: str = Field("demo", description="Name of a pack under deploy/cities, or the path of a folder")
    city_every_seconds: float = Field(
        5.0, gt=0, description="A changed pack is looked for this often (real seconds), and taken up if it is valid"
    )

    console_url: str = Field("http://127.0.0.1:8000", description="Address of the console as its users see it")
    intake_url: str = Field("http://127.0.0.1:8001", description="Address of intake as reporters see it; status links begin with it")
    triage_url: str = Field("http://127.0.0.1:8002", description="Address of triage as its users see it")
    dispatch_url: str = Field("http://127.0.0.1:8003", description="Address of dispatch as its users see it")
    closure_url: str = Field("http://127.0.0.1:8004", description="Address of closure as its users see it")

    inside: str = Field(
        "", description="How the console reaches the other services, as `http://{service}:{port}`; without it, by the addresses above"
    )
    map_tiles: str = Field(
        "", description="Where maps take their tiles from, as `https://tiles.example/{z}/{x}/{y}.png`; without it they show grids alone"
    )
    map_credit: str = Field("", description="Whom maps name as the source of their tiles")

    issuer: str = Field("", description="Address of the OIDC issuer whose tokens count; while there is none, nobody can sign in")
    audience: str = Field("gridcase", description="What a token must name as its audience")
    jwks: str = Field("", description="Address or file of the issuer's keys, where its discovery document does not tell")
    roles_claim: str = Field("roles", description="The claim of a token that lists its bearer's roles, or its path, as realm_access.roles")
    client_id: str = Field("gridcase-console", description="As whom the console signs people in at the issuer")
    client_secret: str = Field("", description="The console's secret at the issuer, if it demands one beside PKCE")
    secret: str = Field(
        "", description="At least 32 random characters: the same for all services: keys of reporters, links to photos, sessions of pages"
    )
    reports_per_minute: int = Field(30, ge=0, description="Reports that one address may send in without signing in; 0: any number")
    requests_per_minute: int = Field(1200, ge=0, description="Requests of one caller, or of one address without a token; 0: any number")
    request_seconds: float = Field(60.0, gt=0, description="Longest time for one request, bulk files excepted")
    cors: str = Field("", description="Origins whose pages may call, separated by commas; none by default")

    photos: str = Field(
        ".gridcase/photos", description="Where photos are kept: a folder, or `s3://bucket/folder` with the usual `AWS_...` variables"
    )
    photos_url: str = Field(
        "", description="What links to photos begin with: a host of their own that leads to intake; without it, intake's address"
    )
    photo_bytes: int = Field(12_000_000, ge=1000, description="Largest file of one photo")
    photo_pixels: int = Field(50_000_000, ge=10_000, le=150_000_000, description="Most pixels of one photo")
    photo_workers: int = Field(
        2, ge=1, description="Photos that one process develops at once, each on one core; so many and 14 more may wait"
    )

    flush_seconds: float = Field(0.25, gt=0, description="Rows are saved behind the decisions this often")
    flush_events: int = Field(3000, ge=1, description="Rows are saved after this many folded events at the latest")
    sweep_seconds: float = Field(1.0, gt=0, description="Cases that are due are looked at this often (real seconds)")
    batch_events: int = Field(500, ge=1, description="Most events of one step")
    batch_wait_seconds: float = Field(0.005, ge=0, description="How long a step waits for more events")
    memory_rows: int = Field(50_000, ge=1000, description="Rows of assigned partitions kept in memory, per process; about 3 KB each")
    answer_seconds: float = Field(10.0, gt=0, description="How long a command waits for its fact to be folded before it answers 202")
    fresh_seconds: float = Field(5.0, gt=0, description="How long a refusal waits to be sure that it is fresh before it answers 503")
    patience_seconds: float = Field(60.0, gt=0, description="How long an engine may be away before the process gives up and exits")
    stall_seconds: float = Field(60.0, gt=0, description="Without progress for so long while events wait, the process exits")
    future_seconds: float = Field(5.0, ge=0, description="How far ahead of the clock a recorded time may lie")
    body_bytes: int = Field(1_000_000, ge=1000, description="Largest body of a request, bulk files excepted")

    batch_bytes: int = Field(
        16_384, ge=1, description="Bytes sent in one batch to a partition; 1 where a broker counts batches, not messages (Tansu)"
    )

    session_seconds: float = Field(6.0, gt=0, description="Kafka group session timeout; 15 in production")
    heartbeat_seconds: float = Field(1.5, gt=0, description="Kafka group heartbeat; 3 in production")
    rebalance_seconds: float = Field(6.0, gt=0, description="Kafka group rebalance timeout; 30 in production")

    clock_start: datetime | None = Field(None, description="Virtual time at `clock_since`, for a fast clock (ISO 8601 with zone)")
    clock_since: datetime | None = Field(None, description="Real time at which the fast clock showed `clock_start`")
    clock_speed: float = Field(1.0, gt=0, description="Virtual seconds a real second")
    clock_file: Path | None = Field(None, description="File that drives the clock, for replays")

    edition: str = Field(
        "", pattern="^[a-z0-9]*$", description="Suffix of a service's database and group, for a rebuild beside the running one"
    )
    silent: bool = Field(False, description="Fold and answer reads, but say nothing: for a rebuild beside the running version")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")
