#!/bin/sh
# sources.sh DIR: brings to DIR what the suites work on and no package installs: the source of GNU sed, the part of CPython's tests
# that Debian leaves out (test_sqlite3), and a small Debian tree. By apt-get and debootstrap, with lists of its own.
set -e
mkdir -p "$1/lists/partial"
cd "$1"
dir=$PWD
apt() {
	apt-get -q -o Dir::Etc::sourcelist="$dir/sources.list" -o Dir::Etc::sourceparts=/dev/null -o Dir::State::lists="$dir/lists" \
		-o APT::Sandbox::User=root "$@" >>apt.log 2>&1
}
# the repository that the machine itself uses
set -- $(apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' 'Component: main' | grep -v -e security -e updates -e backports | head -n 1)
[ $# = 2 ] || { echo "sources.sh: apt-get knows no repository" >&2; exit 1; }
if [ ! -e test/test_sqlite3 ] || ! ls sed_*.orig.tar.xz >/dev/null 2>&1; then
	echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $1 $2 main" >sources.list
	apt update
	apt source --download-only sed
	apt source --download-only python3.11
	tar xzf python3.11_*.orig.tar.gz --strip-components=2 --wildcards '*/Lib/test/test_sqlite3'
fi
if [ ! -e tree/etc/debian_version ] && [ "$(id -u)" = 0 ]; then
	rm -rf tree
	debootstrap --variant=minbase "$2" tree "$1" >debootstrap.log
fi
