#!/bin/sh
# Compares the constants that our headers define, and structures, with glibc's: one list is compiled as kernel code, one as
# an ordinary program. Usage: check-abi.sh [bad]; with bad one constant is wrong on purpose and the check must fail.
# Needs O, CC and KFLAGS.
tmp=$(mktemp -d "${TMPDIR:-/tmp}/umk-abi-XXXXXX")
trap 'rm -rf "$tmp"' EXIT
set -e

kernel_headers='types.h socket.h fs.h sched.h ksignal.h ktime.h uio.h ptrace.h mm.h'
kernel_uapi='linux/eventpoll.h linux/resource.h linux/utsname.h linux/sysinfo.h linux/times.h linux/futex.h linux/stat.h
	asm/stat.h asm/statfs.h asm/poll.h asm/termbits.h asm/mman.h linux/sched.h linux/wait.h linux/prctl.h linux/fcntl.h'
libc_headers='sys/socket.h netinet/in.h netinet/tcp.h sys/un.h fcntl.h sys/stat.h poll.h sys/epoll.h signal.h sys/mman.h
	sched.h sys/wait.h sys/ioctl.h termios.h sys/resource.h sys/prctl.h sys/utsname.h sys/user.h sys/sysinfo.h sys/times.h
	sys/statfs.h sys/time.h sys/uio.h sys/xattr.h sys/eventfd.h sys/timerfd.h sys/signalfd.h sys/auxv.h elf.h dirent.h
	limits.h sys/random.h sys/personality.h linux/futex.h errno.h time.h'

{
	for h in $kernel_headers; do [ ! -f include/$h ] || echo "#include \"$h\""; done
	for h in $kernel_uapi; do echo "#include <$h>"; done
	[ "$1" != bad ] || printf '#undef AF_INET6\n#define AF_INET6 11\n'
	echo 'struct abi { const char *name; long value; };'
} >"$tmp/kernel_head.c"
{
	echo '#define _GNU_SOURCE'
	for h in $libc_headers; do echo "#include <$h>"; done
	echo '#include <stdio.h>'
	echo '#include <string.h>'
	echo '#include <stddef.h>'
	echo 'struct kernel_sigaction { void *handler; unsigned long flags; void *restorer; unsigned long mask; };'
	echo 'struct abi { const char *name; long value; };'
} >"$tmp/libc_head.c"

# Constants: object-like macros with an integer body. Of include/ all; of kernel/ and net/ those that are plain numbers.
sed -n 's/^[ \t]*#[ \t]*define[ \t]\{1,\}\([A-Z][A-Za-z0-9_]*\)[ \t]\{1,\}\([-(~0-9A-Z][^"]*\)$/\1/p' include/*.h | sort -u >"$tmp/names"
awk '/^[ \t]*#[ \t]*define[ \t]+[A-Z][A-Za-z0-9_]*[ \t]+\(?[0-9][0-9a-fA-FxXuUlL<() ]*\)?[ \t]*(\/\*.*)?$/ {
	body = $0; sub(/^[ \t]*#[ \t]*define[ \t]+[A-Za-z0-9_]+[ \t]+/, "", body); sub(/\/\*.*/, "", body); print $2, body }' \
	$(find kernel net -name '*.[ch]') | sort -u >"$tmp/literals"

{
	cat "$tmp/kernel_head.c"
	echo 'extern const struct abi abi_kernel[]; const struct abi abi_kernel[] = {'
	while read -r n; do
		grep -q "^$n " tests/tools/abi.exceptions || printf '#ifdef %s\n{ "%s", (long)(%s) },\n#endif\n' "$n" "$n" "$n"
	done <"$tmp/names"
	while read -r n body; do
		grep -q "^$n " tests/tools/abi.exceptions || printf '{ "%s", (long)(%s) },\n' "$n" "$body"
	done <"$tmp/literals"
} >"$tmp/kernel.c"
{
	cat "$tmp/libc_head.c"
	echo 'static const struct abi abi_libc[] = {'
	{ cat "$tmp/names"; cut -d' ' -f1 "$tmp/literals"; } | sort -u | while read -r n; do
		printf '#ifdef %s\n{ "%s", (long)(%s) },\n#endif\n' "$n" "$n" "$n"
	done
} >"$tmp/libc.c"

# Macros of libc that are no integers would not compile: drop the lines that the compiler points at.
prune() { # prune FILE FLAGS...
	file=$1
	shift
	for try in 1 2 3; do
		echo '{ 0, 0 } };' | cat "$file" - >"$tmp/try.c"
		if $CC -std=gnu11 -w "$@" -fsyntax-only "$tmp/try.c" 2>"$tmp/err"; then return 0; fi
		sed -n "s|^$tmp/try.c:\([0-9]*\):.*error:.*|\1d|p" "$tmp/err" | sort -u >"$tmp/lines"
		[ -s "$tmp/lines" ] || break
		sed -f "$tmp/lines" "$file" >"$file.new" && mv "$file.new" "$file"
	done
	cat "$tmp/err"
	return 1
}
prune "$tmp/libc.c"
kflags=$(echo "$KFLAGS" | sed 's/-fsanitize=[^ ]*//g')
prune "$tmp/kernel.c" $kflags

grep -v '^#\|^$' tests/tools/abi.structs | while IFS='|' read -r k l members; do
	k=$(echo $k) l=$(echo $l) must= sizes=1
	case $k in !*) must=1 k=${k#!} ;; esac
	case $l in ~*) sizes= l=${l#\~} ;; esac
	kl= ll=
	[ -z "$sizes" ] || { kl="{ \"sizeof $k\", sizeof($k) }," ll="{ \"sizeof $k\", sizeof($l) },"; }
	for m in $members; do
		kl="$kl { \"$k.${m%=*}\", offsetof($k, ${m%=*}) },"
		ll="$ll { \"$k.${m%=*}\", offsetof($l, ${m#*=}) },"
	done
	printf '%s\nstatic const struct abi x[] = { %s };\n' "$(cat "$tmp/kernel_head.c")" "$kl" >"$tmp/one.c"
	if $CC -w $kflags -fsyntax-only "$tmp/one.c" 2>"$tmp/err"; then
		echo "$kl" >>"$tmp/kernel.c"
		echo "$ll" >>"$tmp/libc.c"
	elif [ -n "$must" ]; then
		echo "$k: not in our headers, or a member is missing"
		grep error "$tmp/err" | head -n 3
		echo x >"$tmp/missing"
	fi
done
echo '{ 0, 0 } };' >>"$tmp/kernel.c"
cat >>"$tmp/libc.c" <<'C'
{ 0, 0 } };
extern const struct abi abi_kernel[];
int main(void)
{
	int bad = 0, compared = 0;

	for (const struct abi *k = abi_kernel; k->name; k++)
		for (const struct abi *l = abi_libc; l->name; l++) {
			if (strcmp(k->name, l->name))
				continue;
			compared++;
			if (k->value != l->value && (unsigned)k->value != (unsigned)l->value) {
				printf("%s is %ld (%#lx) here, %ld (%#lx) in glibc\n", k->name, k->value, k->value, l->value, l->value);
				bad = 1;
			}
		}
	if (compared < 150) {
		printf("only %d values compared\n", compared);
		bad = 1;
	}
	return bad;
}
C
$CC -w $kflags -c -o "$tmp/kernel.o" "$tmp/kernel.c"
$CC -w -no-pie -std=gnu11 -o "$tmp/abi" "$tmp/libc.c" "$tmp/kernel.o"
"$tmp/abi"
[ ! -f "$tmp/missing" ]
