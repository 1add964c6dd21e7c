#!/usr/bin/env bash
# Rebuilds requirements.lock and requirements-dev.lock, then proves that every locked package has a
# wheel for each supported system and Python. Arguments go to `uv pip compile`, e.g. --upgrade.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
uv=${UV:-uv}
pythons=(3.11 3.12 3.13)
platforms=(x86_64-manylinux_2_36 x86_64-pc-windows-msvc aarch64-apple-darwin)  # 2.36: Debian 12
export MACOSX_DEPLOYMENT_TARGET=14.0

compile() {
    "$uv" pip compile --quiet --universal --python-version "${pythons[0]}" --generate-hashes \
        --no-emit-index-url --override packaging/overrides.txt --custom-compile-command 'make lock' "$@"
}

compile "$@" --group build -o packaging/requirements.lock pyproject.toml
compile "$@" --group dev -c packaging/requirements.lock -o packaging/requirements-dev.lock

empty=$(mktemp -d)
trap 'rm -rf "$empty"' EXIT
for platform in "${platforms[@]}"; do
    for python in "${pythons[@]}"; do
        "$uv" pip install --quiet --dry-run --no-deps --only-binary :all: --target "$empty" \
            --python-platform "$platform" --python-version "$python" \
            -r packaging/requirements.lock -r packaging/requirements-dev.lock
        echo "wheels for $platform, Python $python: complete"
    done
done
