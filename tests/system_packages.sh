#!/bin/sh
# Installs the programs that the tests drive: MariaDB, Chromium, espeak-ng and sox. On Debian and Ubuntu it installs what is
# missing where it may; elsewhere it names what is left out. With CI=true a missing program is a failure.
missing=""
look() {
	missing=""
	command -v mariadbd >/dev/null 2>&1 || command -v mysqld >/dev/null 2>&1 || [ -x /usr/sbin/mariadbd ] ||
		missing="$missing mariadb-server-core mariadb-client-core"
	command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 ||
		command -v google-chrome >/dev/null 2>&1 || missing="$missing chromium"
	command -v espeak-ng >/dev/null 2>&1 || missing="$missing espeak-ng"
	command -v sox >/dev/null 2>&1 || missing="$missing sox"
}
look
if [ -n "$missing" ] && command -v apt-get >/dev/null 2>&1; then
	as=""
	[ "$(id -u)" = 0 ] || { command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null && as="sudo"; }
	if [ "$(id -u)" = 0 ] || [ -n "$as" ]; then
		echo "Installing for the tests:$missing"
		export DEBIAN_FRONTEND=noninteractive
		$as apt-get update -qq >/dev/null
		# shellcheck disable=SC2086
		$as apt-get install -y -qq --no-install-recommends $missing >/dev/null
		look
	fi
fi
[ -z "$missing" ] && exit 0
echo "Left out, because these programs are missing:$missing"
echo "Install them with your package manager (on Debian and Ubuntu: sudo apt-get install$missing)."
[ "$CI" = "true" ] && exit 1
exit 0
