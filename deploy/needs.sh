#!/usr/bin/env bash
# Sees that there is what a part of the work needs beside Python, and installs Debian's packages for what is missing:
# deploy/needs.sh setup|image|promtool|browser... Where it cannot install, it says what to install, and fails.
set -euo pipefail

missing=()
needs() { # needs PACKAGES COMMAND...: the Debian packages are wanted if the command fails
    local packages=$1
    shift
    "$@" >/dev/null 2>&1 || read -r -a missing <<<"${missing[*]} $packages"
}

shows_chinese() {
    fc-list :lang=zh family | grep --quiet .
}

for part in "$@"; do
    case $part in
    setup)
        needs "python3 python3-venv" python3 -c 'import ensurepip, venv'
        needs "make" make --version
        ;;
    image)
        needs "podman" podman --version
        needs "buildah" buildah --version
        needs "debootstrap" debootstrap --version
        ;;
    promtool)
        needs "prometheus" promtool --version
        needs "prometheus-node-exporter" prometheus-node-exporter --version
        ;;
    browser)
        needs "chromium" command -v chromium
        needs "fontconfig" command -v fc-list
        needs "fonts-noto-cjk" shows_chinese
        ;;
    *)
        echo "There is nothing known as $part." >&2
        exit 2
        ;;
    esac
done
[ "${#missing[@]}" -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    as_root=(sudo --non-interactive)
fi
if ! command -v apt-get >/dev/null || ! "${as_root[@]}" true 2>/dev/null; then
    echo "Please install ${missing[*]} (names of Debian's packages: apt-get install ${missing[*]}), then try again." >&2
    exit 1
fi
echo "Installing ${missing[*]}."
"${as_root[@]}" apt-get update --quiet
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --quiet --yes --no-install-recommends "${missing[@]}"
