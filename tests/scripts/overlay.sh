# --overlay: guests change files, directories and whole trees as they like, see what they would see without it, and the
# host's tree stays as it was.
fail=0
bad() { echo "$*"; fail=1; }

# Names, kinds, rights, sizes, times, links and contents.
snapshot() { (cd "$1" && find . -printf '%p %y %m %U:%G %s %T@ %C@ %n %l\n' | sort; find . -type f -print0 | sort -z | xargs -0 sha256sum) ; }
# What programs make of a tree: without times, and without sizes and links of directories.
result() { (cd "$1" && find . ! -type d -printf '%p %y %m %U:%G %s %n %l\n' -o -printf '%p %y %m %U:%G\n' | sort; find . -type f -print0 | sort -z | xargs -0 sha256sum) ; }

mkdir -p tree/a/b/c tree/empty tree/usr/share
for i in $(seq 200); do echo "file $i" >tree/a/file$i; done
for i in $(seq 50); do echo "deep $i" >tree/a/b/c/deep$i; done
dd if=/dev/urandom of=tree/big bs=64k count=40 2>/dev/null
truncate -s 1M tree/sparse
ln -s a/b tree/link
ln -s missing tree/broken
mkfifo tree/fifo
chmod 4755 tree/a/file1
chmod 1777 tree/empty
touch -d '2020-01-02 03:04:05.678901234' tree/a/file2 tree/a/b
cp -a /usr/include/linux tree/usr/share/linux 2>/dev/null

# A package as dpkg and tar would unpack it over what is there.
mkdir -p pkg/DEBIAN pkg/a/b pkg/usr/share/new
printf 'Package: umk-test\nVersion: 1\nArchitecture: all\nMaintainer: nobody <nobody@localhost>\nDescription: a test\n' >pkg/DEBIAN/control
echo replaced >pkg/a/file3
echo new >pkg/a/b/new
echo data >pkg/usr/share/new/data
ln -s data pkg/usr/share/new/link
dpkg-deb --root-owner-group -b pkg one.deb >/dev/null 2>&1 || tar cf one.tar -C pkg a usr
cp -a tree native

cat >work.sh <<'END'
set -e
cd "$1"
cp -a a copy
rm -rf copy
rm -rf a/b
mkdir a/b
echo again >a/b/here
mv a moved
mv moved/file10 moved/renamed
mv usr/share/linux usr/include
rm -rf empty
echo more >>moved/file5
sed -i s/file/FILE/ moved/file6
chmod 600 moved/file7
ln moved/file8 hard
echo through >>hard
rm link broken
ln -s moved link
mkdir -p x/y/z
mv x/y w
rmdir x
printf X | dd of=big bs=1 seek=100000 conv=notrunc 2>/dev/null
truncate -s 100 moved/file9
mkdir a
mv moved/file3 a/
if [ -f ../one.deb ]; then dpkg-deb -x ../one.deb .; else tar xf ../one.tar; fi
for i in 1 2 3; do mv w w$i; mv w$i w; done
rm -f fifo
mkfifo fifo
(echo through the fifo >fifo) & cat fifo >fromfifo
wait
python3 -c '
import mmap, os
f = open("big", "r+b")
m = mmap.mmap(f.fileno(), 0)
m[5:10] = b"hello"
m.flush()
m.close()
' 2>/dev/null || { printf hello | dd of=big bs=1 seek=5 conv=notrunc 2>/dev/null; }
END
cat >all.sh <<'END'
result() { (cd "$1" && find . ! -type d -printf '%p %y %m %U:%G %s %n %l\n' -o -printf '%p %y %m %U:%G\n' | sort; find . -type f -print0 | sort -z | xargs -0 sha256sum) ; }
sh work.sh tree && result tree
END
snapshot tree >before
"$UMK" --overlay --stats -- bash all.sh >inside 2>err || bad "the work failed: $(cat err)"
grep -q '^umk: leaks: 0$' err || bad "leaks: $(cat err)"
snapshot tree >after
cmp -s before after || bad "the host's tree has changed: $(diff before after | head -5)"
bash work.sh native >/dev/null 2>&1
result native >expected
cmp -s expected inside || bad "another result than without --overlay: $(diff expected inside | head -10)"

# Everything may go, as long as it is not needed.
"$UMK" --overlay -- bash -c 'rm -rf tree native; mkdir tree; ls -A tree; echo x >tree/y; cat tree/y; ls' >out 2>&1
grep -q '^x$' out || bad "rm -rf of all: $(cat out)"
snapshot tree >after
cmp -s before after || bad "the host's tree has changed after rm -rf"

# A directory keeps its places while names come and go.
"$UMK" --overlay -- python3 -c '
import os
names = sorted(e.name for e in os.scandir("tree/a"))
it = os.scandir("tree/a")
seen = []
for n, e in enumerate(it):
    seen.append(e.name)
    if n % 3 == 0: os.rename("tree/a/" + e.name, "tree/" + e.name)
    if n % 5 == 0: open("tree/a/new%d" % n, "w").close()
old = [s for s in seen if not s.startswith("new")]
assert sorted(old) == names, (len(old), len(names))
' 2>&1 || bad "reading a directory that changes"

# The number of an inode stays through the copy.
"$UMK" --overlay -- sh -c 'stat -c "%d %i" tree/a/file20; echo x >>tree/a/file20; stat -c "%d %i" tree/a/file20' | uniq | wc -l | grep -qx 1 ||
	bad "st_ino changes with the copy"
# What is below a renamed directory is found from the new place, twice renamed, renamed within it, and when its old name is taken.
mkdir -p deep/one/two/three && echo low >deep/one/two/three/file && echo side >deep/one/other
"$UMK" --overlay -- bash -c '
	mv deep/one deep/moved && cat deep/moved/two/three/file && mkdir -p deep/one/two && ls deep/one/two | wc -l
	mv deep/moved/two deep/moved/zwei && stat -c %s deep/moved/zwei/three/file && [ ! -e deep/moved/two ] && mv deep higher
	cat higher/moved/zwei/three/file higher/moved/other && mv higher/moved/zwei/three here && cat here/file && ls higher/moved/zwei | wc -l
	echo more >>here/file; mv here/file there; cat there; mv higher deep; find deep | sort' >out 2>&1
diff out - <<'E' || bad "renamed directories"
low
0
4
low
side
low
0
low
more
deep
deep/moved
deep/moved/other
deep/moved/zwei
deep/one
deep/one/two
E
[ "$(cat deep/one/two/three/file deep/one/other)" = "low
side" ] || bad "the host's renamed directories"
# chattr(1)'s flags are the copy's.
if [ "$(id -u)" = 0 ] && lsattr -d . >/dev/null 2>&1; then
	"$UMK" --overlay -- sh -c 'cd tree/a; chattr +i file1; rm -f file1; chattr -i file1; chattr +a .; rm -f file1; chattr -a .; lsattr file1; rm file1' \
		>out 2>/dev/null
	grep -q -- '^-* file1$' out && [ -e tree/a/file1 ] || bad "chattr: $(cat out)"
fi
# Binds lead past the overlay, read-only ones nowhere.
mkdir bound
"$UMK" --overlay --bind="$PWD/bound" -- sh -c 'echo kept >bound/file; echo lost >tree/lost'
[ "$(cat bound/file)" = kept ] && [ ! -e tree/lost ] || bad "--bind past --overlay"
"$UMK" --overlay --bind="$PWD/bound:/mnt:ro" -- sh -c 'cat /mnt/file; echo no >/mnt/file; echo no >/mnt/other' >out 2>/dev/null
[ "$(cat out bound/file)" = "kept
kept" ] && [ ! -e bound/other ] || bad "--bind :ro: $(cat out)"
exit $fail
