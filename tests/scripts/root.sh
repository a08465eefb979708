# --root: dynamic programs of a small tree of their own, which they cannot leave; --bind into it; --overlay over it.
fail=0
bad() { echo "$*"; fail=1; }

mkdir -p tree/bin tree/etc tree/tmp tree/proc tree/dev tree/home/user tree/lib64
for p in /bin/bash /bin/ls /bin/cat /usr/bin/stat /usr/bin/id /bin/mkdir /bin/rm; do
	cp "$p" tree/bin/
	ldd "$p" | grep -o '/[^ ]*' | while read -r lib; do
		mkdir -p "tree${lib%/*}" && cp -L "$lib" "tree$lib"
	done
done
ln -s bash tree/bin/sh
echo inside >tree/etc/where
echo outside >where
ln -s /etc/where tree/abs
ln -s ../../../../../../../../etc/where tree/up
export PATH=/bin

run() { "$UMK" --root="$PWD/tree" "$@"; }
[ "$(run /bin/cat /etc/where /abs /up /../../etc/where)" = "inside
inside
inside
inside" ] || bad "paths: $(run /bin/cat /etc/where /abs /up 2>&1)"
[ "$(run sh -c 'cd /../..; pwd; ls')" = "/
abs
bin
dev
etc
home
lib
lib64
proc
tmp
up" ] || bad "the root: $(run sh -c 'cd /../..; pwd; ls' 2>&1 | tr '\n' ' ')"
run sh -c 'mkdir /tmp/d && echo text >/tmp/d/f && ls -l /proc/self/exe >/tmp/exe && cat /proc/mounts >/tmp/mounts' || bad "writing"
[ "$(cat tree/tmp/d/f)" = text ] || bad "what was written is not in the tree"
grep -q -- '-> /bin/ls' tree/tmp/exe || bad "/proc/self/exe: $(cat tree/tmp/exe)"
grep -q '^[^ ]* / hostfs rw' tree/tmp/mounts || bad "/proc/mounts: $(cat tree/tmp/mounts)"
[ "$(cd tree/home/user && "$UMK" --root="$PWD/../.." /bin/sh -c pwd)" != "" ] || bad "cwd"
[ "$(run --cwd=/home/user sh -c pwd)" = /home/user ] || bad "--cwd"
run /no/such/program 2>/dev/null
[ $? = 127 ] || bad "status of a program that is not there"
# binds
mkdir host && echo hosted >host/f
mkdir tree/mnt && : >tree/etc/file
[ "$(run --bind="$PWD/host:/mnt" --bind="$PWD/where:/etc/file:ro" sh -c 'cat /mnt/f /etc/file; echo w >/mnt/w; echo no >/etc/file' 2>/dev/null)" = "hosted
outside" ] || bad "--bind"
[ "$(cat host/w)" = w ] && [ "$(cat where)" = outside ] || bad "--bind: what was written"
"$UMK" --bind=relative true 2>/dev/null
[ $? = 125 ] || bad "--bind of a relative path"
"$UMK" --bind=/no/such/thing true 2>/dev/null
[ $? = 125 ] || bad "--bind of nothing"
# overlay over the root
find tree -printf '%p %y %m %s %T@ %l\n' | sort >before
[ "$(run --overlay sh -c 'echo new >/etc/where; cat /abs; rm -rf /home; mkdir /home; ls /home; rm -rf /bin/id; ls /bin/id' 2>/dev/null)" = new ] ||
	bad "--root --overlay"
find tree -printf '%p %y %m %s %T@ %l\n' | sort | cmp -s - before || bad "--overlay has changed the tree"
exit $fail
