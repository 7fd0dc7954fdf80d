#!/usr/bin/env bash
# Builds the image of deploy/Dockerfile without Docker and without an image registry, and starts what is in it.
#
# The base that FROM names is made by debootstrap from the Debian mirror of this machine, once; it is kept under
# XDG_CACHE_HOME. `deploy/image.sh start` only starts what was built before. GRIDCASE_KAFKA and GRIDCASE_MONGO say against
# which engines; without them it starts local ones. It needs root (debootstrap, chroot), and takes it through sudo where it can.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [ "$(id -u)" -ne 0 ]; then
    exec sudo --non-interactive --preserve-env "${BASH_SOURCE[0]}" "$@"
fi

python=.venv/bin/python
image=$(sed -n 's/^  image: \(gridcase:.*\)/\1/p' docker-compose.yml)
base=$(sed -n 's/^FROM \([^ ]*\) AS base$/\1/p' deploy/Dockerfile)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/gridcase
scratch=$(mktemp -d)
container=
started=()

say() { printf -- '--- %s\n' "$*"; }

services() { find services -mindepth 2 -maxdepth 2 -name app.py -printf '%h\n' | sort | xargs --no-run-if-empty --max-args=1 basename; }

finish() {
    local status=$?
    for pid in "${started[@]}"; do
        kill -- "-$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    [ -z "$container" ] || buildah --storage-driver=vfs rm "$container" >/dev/null
    if [ "$status" -ne 0 ]; then
        tail --lines=40 "$scratch"/*.log 2>/dev/null || true
    fi
    rm -rf "$scratch"
    exit "$status"
}
trap finish EXIT

install_tools() {
    local tool tools=()
    for tool in buildah debootstrap podman; do
        command -v "$tool" >/dev/null || tools+=("$tool")
    done
    [ "${#tools[@]}" -gt 0 ] || return 0
    say "installing ${tools[*]}"
    apt-get update --quiet
    DEBIAN_FRONTEND=noninteractive apt-get install --quiet --yes --no-install-recommends "${tools[@]}"
}

# The mirror that apt itself is set up with.
# shellcheck disable=SC2016
debian_mirror() {
    apt-get indextargets --format '$(ORIGIN) $(COMPONENT) $(REPO_URI)' 'Identifier: Packages' \
        | awk '$1 == "Debian" && $2 == "main" && $3 !~ /security/ { print $3; exit }'
}

import_base() {
    local mirror tree="$scratch/base" tar
    tar="$cache/bookworm-python3-$(dpkg --print-architecture).tar"
    podman --storage-driver=vfs image exists "$base" && return
    if [ ! -e "$tar" ]; then
        mirror=$(debian_mirror)
        if [ -z "$mirror" ]; then
            apt-get update --quiet
            mirror=$(debian_mirror)
        fi
        say "debootstrap of bookworm with python3"
        debootstrap --variant=minbase --include=python3,python3-venv bookworm "$tree" "$mirror" >"$scratch/debootstrap.log"
        mkdir -p "$cache"
        tar --create --file="$tar.part" --directory="$tree" --exclude='./var/cache/apt/*' --exclude='./var/lib/apt/lists/*' \
            --exclude='./usr/share/doc/*' --exclude='./usr/share/man/*' --exclude='./usr/share/locale/*' \
            --exclude='./proc/*' --exclude='./sys/*' --exclude='./dev/*' .
        mv "$tar.part" "$tar"
    fi
    say "importing it as $base"
    podman --storage-driver=vfs import --quiet "$tar" "$base" >/dev/null
}

# How pip reaches its index on this machine, as a folder that the build finds at /etc/xdg/pip.
pip_settings() {
    local certificates=${PIP_CERT:-${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}} folder="$scratch/pip"
    mkdir "$folder"
    echo '[global]' >"$folder/pip.conf"
    "$python" -m pip config list \
        | sed -nE "s/^[^=]*\.(index-url|extra-index-url|trusted-host|proxy|timeout|retries)='(.*)'$/\1 = \2/p" \
        | sort --unique --key=1,1 >>"$folder/pip.conf"
    if [ -e "$certificates" ]; then
        cp --dereference "$certificates" "$folder/ca.crt"
        echo 'cert = /etc/xdg/pip/ca.crt' >>"$folder/pip.conf"
    fi
}

build() {
    local previous
    say "building $image"
    pip_settings
    previous=$(buildah --storage-driver=vfs images --quiet --no-trunc "$image" 2>/dev/null || true)
    buildah --storage-driver=vfs bud --isolation=chroot --pull=never --layers=false --quiet --tag "$image" \
        --file deploy/Dockerfile --volume "$scratch/pip:/etc/xdg/pip:ro" . >"$scratch/build.log" 2>&1
    [ -z "$previous" ] || buildah --storage-driver=vfs rmi "$previous" >/dev/null 2>&1 || true
    buildah --storage-driver=vfs images --format '{{.Name}}:{{.Tag}} {{.Size}}' "$image"
}

# in_image [-e NAME=VALUE]... COMMAND...
in_image() {
    local options=()
    while [ "$1" = -e ]; do
        options+=("$1" "$2")
        shift 2
    done
    [ -n "$container" ] || container=$(buildah --storage-driver=vfs from --pull=never "$image")
    buildah --storage-driver=vfs run --isolation=chroot "${options[@]}" "$container" -- "$@"
}

look_inside() {
    local service
    say "what the image can import, and as whom"
    in_image python -c '
import os, sys
import aiokafka, faust, fastapi, motor
from aiokafka.record import default_records as records
from faust import streams
assert streams._CStreamIterator and records.DefaultRecordBatch is not records._DefaultRecordBatchPy, "C extensions missing"
assert os.getuid() != 0, "runs as root"
print("python", sys.version.split()[0], "uid", os.getuid(), "faust", faust.__version__, "motor", motor.version)'
    for service in services/*/app.py; do
        service=$(basename "$(dirname "$service")")
        in_image python -c "import services.$service.app"
        echo "services.$service.app"
    done
}

free_port() { "$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

await() { # await URL SECONDS
    "$python" -c '
import sys, time, urllib.request
url, end = sys.argv[1], time.monotonic() + float(sys.argv[2])
while True:
    try:
        print(url, urllib.request.urlopen(url, timeout=5).status)
        break
    except OSError as error:
        if time.monotonic() > end:
            sys.exit(f"{url}: {error}")
        time.sleep(0.3)' "$1" "$2"
}

# Names of its own in the log and the database, so that it can run beside anything.
start_services() {
    local service port ports=()
    local ours=(-e "GRIDCASE_KAFKA=$GRIDCASE_KAFKA" -e "GRIDCASE_MONGO=$GRIDCASE_MONGO"
        -e "GRIDCASE_TOPIC=image-$$" -e "GRIDCASE_DATABASE=image_$$")
    say "starting every service from the image, against $GRIDCASE_KAFKA and $GRIDCASE_MONGO"
    in_image "${ours[@]}" gridcase topics
    for service in $(services); do
        port=$(free_port)
        ports+=("$port")
        set -m # each in a process group of its own, which can be ended whole
        # shellcheck disable=SC2016
        in_image "${ours[@]}" -e "SERVICE=$service" -e "PORT=$port" \
            sh -c 'exec uvicorn "services.$SERVICE.app:api" --port "$PORT"' >"$scratch/$service.log" 2>&1 &
        started+=("$!")
        set +m
    done
    [ "${#ports[@]}" -gt 0 ] || { echo "there is no services/<name>/app.py to start" >&2; exit 1; }
    for port in "${ports[@]}"; do
        await "http://127.0.0.1:$port/health/live" 60
        await "http://127.0.0.1:$port/health/ready" 60
    done
}

start_against_engines() {
    if [ -n "${GRIDCASE_KAFKA:-}" ] && [ -n "${GRIDCASE_MONGO:-}" ]; then
        start_services
        return
    fi
    say "starting local engines"
    "$python" -c '
import os, subprocess, sys
from pathlib import Path
from deploy.local.engines import Engines
script, folder, kafka, mongo = sys.argv[1], Path(sys.argv[2]), os.environ.get("GRIDCASE_KAFKA"), os.environ.get("GRIDCASE_MONGO")
with Engines(folder, kafka=kafka or None, mongo=mongo or None, say=print) as engines:
    given = {**os.environ, "GRIDCASE_KAFKA": engines.kafka_url, "GRIDCASE_MONGO": engines.mongo_url}
    sys.exit(subprocess.call([script, "start"], env=given))' deploy/image.sh "$scratch/engines"
}

if [ "${1:-}" != start ]; then
    install_tools
    import_base
    build
    look_inside
fi
start_against_engines
say "done"
