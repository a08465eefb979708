# --overlay: rm -rf of a copy and the unpacking and removal of a package over a whole system leave the host's tree as it was.
# outside
set -e
cp -a "$SOURCES/tree" tree
list() { (cd "$1" && find . -printf '%p %y %m %U:%G %n %s %l %T@ %C@\n' | sort | sha256sum; find . -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum); }
list tree >before
if [ -n "$GUEST" ]; then
	inside() { $GUEST --root="$PWD/tree" --cwd=/ --overlay "$@"; }
else
	inside() { cp -a tree spare; chroot spare "$@"; rm -rf spare; }
fi
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
export TMPDIR=/tmp
mkdir -p tree/var/tmp
inside sh -ec '
	cp -a /usr/lib/x86_64-linux-gnu /tmp/copy
	echo "= copied $(find /tmp/copy | wc -l)"
	rm -rf /tmp/copy /usr/share/locale /usr/share/doc
	echo "= gone $(ls -d /tmp/copy /usr/share/locale /usr/share/doc 2>/dev/null | wc -l)"
	mkdir -p /tmp/p/DEBIAN /tmp/p/usr/bin /tmp/p/etc
	printf "Package: over\nVersion: 1\nArchitecture: all\nMaintainer: n <n@localhost>\nDescription: t\n" >/tmp/p/DEBIAN/control
	printf "#!/bin/sh\necho post \$1\n" >/tmp/p/DEBIAN/postinst
	chmod 755 /tmp/p/DEBIAN/postinst
	echo "echo hello from the package" >/tmp/p/usr/bin/over
	chmod 755 /tmp/p/usr/bin/over
	dpkg-deb -b /tmp/p /tmp/over.deb >/dev/null
	dpkg -i /tmp/over.deb 2>&1 | grep post | sed "s/^/= /"
	sh /usr/bin/over | sed "s/^/= /"
	dpkg -s over | grep ^Status | sed "s/^/= /"
	dpkg -P over >/dev/null 2>&1
	echo "= purged $(ls /usr/bin/over 2>/dev/null | wc -l)"
	dpkg --purge --force-remove-essential --force-all util-linux-extra mount >/dev/null 2>&1 || true
	echo "= mount $(ls /bin/mount 2>/dev/null | wc -l)"
	rm -rf --no-preserve-root /usr/share /var/cache /opt /srv
	echo "= $(ls /usr | tr "\n" " ")"
'
list tree | cmp - before
echo "= the tree is as it was"
