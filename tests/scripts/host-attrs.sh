# What the host does to files and their attributes, the guest's next stat(2) tells: of files that the guest has only looked at, of
# one that it has open, and of one whose pages it has cached.
fail=0
bad() { echo "$*"; fail=1; }

what='%n %F %i %h %s %b %a %u %g %x %y %z %w'
mkdir -p t/d/e t/elsewhere
for f in plain open cached; do
	echo one >t/d/e/$f
	touch -d '2001-02-03 04:05:06.789' t/d/e/$f
done
echo one >t/log
ln -s plain t/d/e/link
mkfifo ask answer
"$UMK" --stats bash -c '
	exec 7<t/d/e/open
	i=0
	while [ $i -lt 700 ]; do
		[ -s t/d/e/plain ]; [ -s t/d/e/open ]; [ -s t/d/e/link ]; [ -e t/d/e/none ]; read -r x <t/d/e/cached
		i=$((i + 1))
	done
	read -r x <t/log
	echo ready
	while read -r line; do
		eval "$line" 2>&1
		echo .
	done' <ask >answer 2>err &
pid=$!
exec 8>ask 9<answer
read -r x <&9
[ "$x" = ready ] || bad "the guest is not ready: $x"
# What the guest prints for WORDS...
guest() {
	echo "$*" >&8
	got=
	while read -r line <&9 && [ "$line" != . ]; do
		got="$got$line
"
	done
	printf %s "$got"
}
# same WHEN: guest and host see the same files
same() {
	for words in "stat -c '$what' plain open cached" "stat -Lc '$what' link" "stat -c '$what' e/plain e/open e/cached e/link" \
			"stat -c '%n %i %h %a %F' ." "stat -c '%n %d %a' ../elsewhere"; do
		dir=t/d/e
		case $words in *e/plain*) dir=t/d ;; esac
		seen=$(guest "(cd $dir && $words)")
		is=$(cd $dir && eval "$words" 2>&1)
		[ "$seen" = "$is" ] || bad "$1: the guest sees
$seen
and the host
$is"
	done
}
# A change of each of the files: change WHEN COMMAND...
change() {
	when=$1
	shift
	for f in plain open cached; do
		"$@" t/d/e/$f || bad "$when failed on the host"
	done
	same "$when"
}
append() { echo more >>"$1"; }
overwrite() { printf x | dd of="$1" conv=notrunc status=none; }
cut_short() { truncate -s 1 "$1"; }
grow() { truncate -s 10000 "$1"; }
set_times() { touch -d '1999-08-07 06:05:04.321' "$1"; }
other_name() { ln "$1" t/elsewhere/; }
write_by_other_name() { echo longer >>t/elsewhere/"${1##*/}"; }
mode_by_other_name() { chmod 640 t/elsewhere/"${1##*/}"; }
no_other_name() { rm t/elsewhere/"${1##*/}"; }
replace() { echo another >t/new && mv t/new "$1"; }
away_and_back() { mv "$1" t/elsewhere/x && echo y >>t/elsewhere/x && mv t/elsewhere/x "$1"; }
anew() { rm "$1" && echo anew >"$1"; }
directory() { rm "$1" && mkdir "$1" && : >"$1"/x; }
symlink() { rm -r "$1" && ln -s ../../log "$1"; }
regular() { rm "$1" && echo regular >"$1"; }
gone() { rm "$1"; }

same 'at first'
change 'append' append
change 'overwrite' overwrite
change 'truncate' cut_short
change 'grow' grow
change 'chmod' chmod 600
change 'chmod' chmod 4711
change 'utimensat' set_times
change 'a hard link elsewhere' other_name
change 'a write by it' write_by_other_name
change 'chmod by it' mode_by_other_name
change 'its end' no_other_name
change 'rename over it' replace
change 'rename and back' away_and_back
change 'unlink and create' anew
change 'a directory in its place' directory
change 'a symlink in its place' symlink
change 'a file in its place' regular
# a store through a mapping that stays
if command -v python3 >/dev/null; then
	mkfifo hold stored
	for f in plain open cached; do
		touch -d 2002-02-02 t/d/e/$f
		same 'before a mapping'
		python3 -c 'import mmap, sys
with open(sys.argv[1], "r+b") as f:
    m = mmap.mmap(f.fileno(), 0)
m[0:1] = b"X"
print("stored", flush=True)
sys.stdin.read()' t/d/e/$f <hold >stored &
		mapper=$!
		exec 6>hold
		read -r x <stored
		same 'a store through a mapping'
		exec 6>&-
		wait $mapper || bad 'the mapping failed'
	done
fi
# another mount over the directory, and over a file
if mount --bind t/elsewhere t/d/e 2>/dev/null; then
	for f in plain open cached; do
		echo mounted $f >t/elsewhere/$f
	done
	ln -s plain t/elsewhere/link
	same 'a mount'
	umount -l t/d/e
	same 'umount'
	rm t/elsewhere/*
	for f in plain open cached; do
		mount --bind t/log t/d/e/$f || bad 'no mount over a file'
		same 'a mount over a file'
		umount -l t/d/e/$f
		same 'umount of a file'
	done
fi
change 'unlink' gone
[ "$(guest 'stat -c "%s" /proc/self/fd/7 >/dev/null && echo there')" = there ] || bad 'the open file is gone'
exec 8>&- 9<&-
wait $pid || bad "umk: $? $(cat err)"
exit $fail
