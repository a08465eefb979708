# A Debian tree of its own, entered with --root as with chroot: its programs, its package tools, an account's shell.
# outside
set -e
cp -a "$SOURCES/tree" tree
mkdir -p tree/proc
if [ -n "$GUEST" ]; then
	inside() { $GUEST --root="$PWD/tree" --cwd=/ "$@"; }
else
	inside() { chroot tree "$@"; }
fi
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
export TMPDIR=/tmp
inside cat /etc/debian_version | sed 's/^/= version /'
inside sh -c 'ls / | tr "\n" " "; echo' | sed 's/^/= /'
inside dpkg -l | sha256sum | sed 's/^/= dpkg -l /'
inside dpkg --verify | wc -l | sed 's/^/= dpkg --verify /'
inside apt-cache policy bash | sed -n '1,3s/^/= /p'
inside apt-config dump | wc -l | sed 's/^/= apt-config /'
inside bash -c 'for i in 1 2 3; do echo "= $i $(id -un)"; done'
inside useradd -m -s /bin/bash somebody
inside su somebody -c 'id -un; cd; pwd; touch f; stat -c "%U %a" f' | sed 's/^/= /'
inside perl -e 'print "= ", join(",", sort { $a <=> $b } 3, 1, 2), "\n"'
inside sh -c 'find / -xdev -type f -not -path "/proc/*" | wc -l' | sed 's/^/= files /'
inside sh -c 'tar c -C /usr/share . | md5sum' | wc -l | sed 's/^/= /'
inside sh -c 'dpkg-deb --version | head -1; ldconfig -p | head -1' | sed 's/^/= /'
inside sh -c 'rm -rf /usr/share/doc; ls /usr/share/doc 2>&1' | sed 's/^/= /' || true
echo "= outside: $(ls tree/usr/share/doc 2>/dev/null | wc -l) $(ls -ld tree/home/somebody | cut -c1-10) $(stat -c '%u %a' tree/home/somebody/f)"
