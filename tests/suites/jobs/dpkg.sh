# dpkg-deb of a large package, both ways; a package database of its own.
set -e
mkdir -p pkg/DEBIAN pkg/usr/lib
cp -a /usr/lib/python3.11 pkg/usr/lib/
cp -a /usr/share/perl pkg/usr/lib/
printf 'Package: umk-large\nVersion: 1\nArchitecture: all\nMaintainer: n <n@localhost>\nDescription: a test\n' >pkg/DEBIAN/control
find pkg -exec touch -h -d @1600000000 {} +
SOURCE_DATE_EPOCH=1600000000 dpkg-deb --root-owner-group -Zgzip -z1 -b pkg large.deb >/dev/null
echo "= package $(sha256sum <large.deb)"
dpkg-deb -x large.deb out
# Not the times of directories in which tar makes symbolic links last.
list() { (cd "$1" && find . -type d -printf '%p %y %m\n' -o -printf '%p %y %m %l %T@\n' | sort | sha256sum; find . -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum); }
list out | sed 's/^/= out /'
echo "= listed $(dpkg-deb -c large.deb | sha256sum)"
mkdir -p db/info db/updates db/triggers root
: >db/status
: >db/available
export PATH=$PATH:/usr/sbin:/sbin
dpkg --force-not-root --admindir="$PWD/db" --instdir="$PWD/root" --log=/dev/null -i large.deb >/dev/null 2>dpkg.err || cat dpkg.err
echo "= installed: $(dpkg --admindir="$PWD/db" -s umk-large | grep Status), $(dpkg --admindir="$PWD/db" -L umk-large | wc -l) files"
list root | sed 's/^/= root /'
dpkg --force-not-root --admindir="$PWD/db" --instdir="$PWD/root" --log=/dev/null -P umk-large >/dev/null 2>dpkg.err || cat dpkg.err
echo "= removed: $(find root -type f | wc -l)"
