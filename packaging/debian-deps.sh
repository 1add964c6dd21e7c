#!/usr/bin/env bash
# Installs what the tests use from Debian or Ubuntu. Does nothing when all is there; elsewhere it
# says so and leaves the system alone.
set -euo pipefail

packages=(
    # Qt (packaging/check_system.py has the libraries behind them)
    libdbus-1-3 libegl1 libfontconfig1 libfreetype6 libgl1 libglib2.0-0 libx11-6 libx11-xcb1 libxcb1
    libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0
    libxcb-render0 libxcb-shape0 libxcb-shm0 libxcb-sync1 libxcb-util1 libxcb-xfixes0 libxcb-xkb1
    libxkbcommon-x11-0 libxkbcommon0
    # a display, and fonts for Latin, CJK and Arabic
    xvfb xauth fonts-dejavu-core fonts-noto-cjk fonts-noto-core
    # opens the workbooks
    libreoffice-calc-nogui
    # virtual environments, freezing, bare systems to try packages in
    python3-venv binutils mmdebstrap
)

if ! command -v apt-get >/dev/null; then
    echo "debian-deps.sh: no apt-get here; install the counterparts of: ${packages[*]}" >&2
    exit 0
fi

missing=()
for package in "${packages[@]}"; do
    dpkg-query --show --showformat '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed ||
        missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)
"${as_root[@]}" apt-get update --quiet --quiet
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install --quiet --yes --no-install-recommends "${missing[@]}"
