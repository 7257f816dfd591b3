#!/usr/bin/env bash
# The browser tests drive Debian's chromium (CHROMIUM= names another); root may install it.
set -e
[ -n "$CHROMIUM" ] && exit 0
command -v chromium >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing chromium ..."
  # In some containers only root may open /dev/null: apt's own unprivileged user could then verify no signature.
  apt=(apt-get -qq -o APT::Sandbox::User=root -o Acquire::Retries=3)
  "${apt[@]}" update
  DEBIAN_FRONTEND=noninteractive "${apt[@]}" install -y --no-install-recommends chromium fonts-liberation fonts-dejavu-core >/dev/null
  exit 0
fi
echo "The browser tests need Chromium: install the package 'chromium', or set CHROMIUM=/path/to/chrome." >&2
exit 2
