# What host processes do to a file that a guest has mapped shows at once, as between processes of the host. A file that the guest has
# let go of, and that is gone from the host, is not held by umk or its stubs: they would keep its blocks.
fail=0
bad() { echo "$*"; fail=1; }

cat >guest.py <<'EOF2'
import mmap, os, sys
size = 4096 * 64
def show(what):
    print(what, flush=True)
show("ready")
for line in sys.stdin:
    try:
        show(eval(line) if not line.startswith("!") else exec(line[1:]))
    except Exception as e:
        show(type(e).__name__)
EOF2
mkfifo ask answer
is() { # is ANSWER WORDS...: what the guest finds
	want=$1
	shift
	echo "$*" >&8
	read -r got <&9
	[ "$got" = "$want" ] || bad "$trap: $*: '$got'"
}
holders() { # how many descriptors and mappings processes have of $1
	find /proc/[0-9]*/fd /proc/[0-9]*/map_files -lname "$PWD/$1*" 2>/dev/null | wc -l
}
for trap in seccomp ptrace; do
	head -c 262144 /dev/zero >file
	chmod 644 file
	"$UMK" --trap=$trap -- /usr/bin/python3 guest.py <ask >answer 2>err &
	pid=$!
	exec 8>ask 9<answer
	read -r x <&9
	[ "$x" = ready ] || bad "$trap: the guest is not ready: $x"
	is None '!f = open("file", "rb")'
	is None '!p = mmap.mmap(f.fileno(), size, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ)'
	is None '!s = mmap.mmap(f.fileno(), size, flags=mmap.MAP_SHARED, prot=mmap.PROT_READ)'
	is '(0, 0)' 'p[20480], s[20480]'
	if [ $trap = seccomp ]; then
		printf A | dd of=file bs=1 seek=20480 conv=notrunc 2>/dev/null
		is '(65, 65)' 'p[20480], s[20480]'
	fi
	[ "$(holders file)" != 0 ] || bad "$trap: nobody holds the file"
	is None '!p.close(); s.close(); f.close()'
	rm file
	is False 'os.path.exists("file")'
	is 0 'os.system("exit 0")'
	left=$(holders file)
	[ "$left" = 0 ] || bad "$trap: the file is still held $left times"
	exec 8>&- 9<&-
	wait $pid || bad "$trap: status $?"
	cat err
done

# A guest that has mapped what the host cuts off meets SIGBUS there, not its end by umk.
head -c 262144 /dev/zero >cut
"$UMK" -- /usr/bin/python3 -c '
import mmap, sys
f = open("cut", "rb")
p = mmap.mmap(f.fileno(), 4096 * 64, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ)
print("mapped", flush=True)
sys.stdin.readline()
print(p[0], flush=True)
p[4096 * 60]' <ask >answer 2>err &
pid=$!
exec 8>ask 9<answer
read -r x <&9
[ "$x" = mapped ] || bad "not mapped: $x"
truncate -s 4096 cut
echo go >&8
read -r x <&9
[ "$x" = 0 ] || bad "what is left: $x"
exec 8>&- 9<&-
wait $pid
status=$?
[ $status = 135 ] || bad "beyond the end: status $status: $(cat err)"
exit $fail
