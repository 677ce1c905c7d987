#!/bin/sh
# Makes sure the programs the tests drive are on this machine: tools/deps.sh postgres redis chromium vips node
#
# Nothing is printed and nothing changes when they are there. As root on a Debian-like system the missing ones are
# installed; anywhere else one sentence says what to install. No database or cache server is left running: the tests
# start their own.
set -eu

# found NAME: is the program there, in a version the product supports?
found() {
	case $1 in
	postgres)
		for bin in "$(command -v postgres || true)" \
			"$(pg_config --bindir 2>/dev/null || true)/postgres" \
			/usr/lib/postgresql/*/bin/postgres \
			/opt/homebrew/opt/postgresql*/bin/postgres /usr/local/opt/postgresql*/bin/postgres; do
			[ -x "$bin" ] || continue
			# "postgres (PostgreSQL) 15.18 (Debian 15.18-0)" → 15
			major=$("$bin" --version | sed 's/^[^0-9]*\([0-9]*\).*/\1/')
			[ "$major" -ge 15 ] && return 0
		done
		return 1
		;;
	redis) command -v redis-server >/dev/null || command -v valkey-server >/dev/null ;;
	chromium) command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null ;;
	vips) command -v pkg-config >/dev/null && command -v cc >/dev/null && pkg-config --exists vips ;;
	node) command -v node >/dev/null && command -v npm >/dev/null ;;
	*)
		echo "deps: there is no dependency called \"$1\"; known are postgres, redis, chromium, vips and node." >&2
		exit 2
		;;
	esac
}

# package NAME: what Debian calls it.
package() {
	case $1 in
	postgres) echo postgresql ;;
	redis) echo redis-server ;;
	chromium) echo chromium ;;
	vips) echo libvips-dev pkg-config gcc libc6-dev ;;
	node) echo nodejs npm ;;
	esac
}

# label NAME: what people call it.
label() {
	case $1 in
	postgres) echo 'PostgreSQL 15 or newer' ;;
	redis) echo 'Redis 7 (redis-server)' ;;
	chromium) echo 'Chromium' ;;
	vips) echo 'libvips with its headers, pkg-config and a C compiler' ;;
	node) echo 'Node.js with npm' ;;
	esac
}

# lacking NAME...: those that are not there, one a line.
lacking() {
	for name in "$@"; do
		found "$name" || echo "$name"
	done
}

# sentence NAME...: "PostgreSQL 15 or newer and Chromium".
sentence() {
	text=
	for name in "$@"; do
		text="${text:+$text and }$(label "$name")"
	done
	echo "$text"
}

missing=$(lacking "$@")
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
	# shellcheck disable=SC2086 # a list of words
	echo "deps: please install $(sentence $missing), which the tests need, and run this again." >&2
	exit 1
fi

packages=
for name in $missing; do
	packages="$packages $(package "$name")"
	if [ "$name" = postgres ]; then
		# Debian would otherwise create a cluster and start it on port 5432.
		mkdir -p /etc/postgresql-common/createcluster.d
		echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.d/no-main-cluster.conf
	fi
done

# While the packages are set up, nothing may start a service: the tests bring their own.
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
	trap 'rm -f $policy' EXIT
	trap 'exit 1' INT TERM
	printf '#!/bin/sh\nexit 101\n' >$policy
	chmod +x $policy
fi

echo "deps: installing$packages"
export DEBIAN_FRONTEND=noninteractive
apt-get -qq -o DPkg::Lock::Timeout=300 update
# shellcheck disable=SC2086 # a list of words
apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends $packages >/dev/null

missing=$(lacking "$@")
if [ -n "$missing" ]; then
	# shellcheck disable=SC2086 # a list of words
	echo "deps: this system's packages do not offer $(sentence $missing); please install it by hand." >&2
	exit 1
fi
