# A program whose call sites are rewritten keeps its file: the same bytes inside, while it runs, and outside, after.
fail=0
mkdir d && cp /bin/busybox d/busybox || exit 1
before=$(sha256sum <d/busybox)
mtime=$(stat -c %Y.%Z d/busybox)
for trap in "--trap=seccomp --rewrite=on" "--trap=seccomp --rewrite=off" --trap=ptrace; do
	# shellcheck disable=SC2086
	inside=$("$UMK" $trap -- d/busybox sh -c '
		i=0; while [ $i -lt 200 ]; do i=$((i + 1)); d/busybox true; done
		d/busybox sha256sum <d/busybox
		d/busybox cmp d/busybox /proc/self/exe 2>&1
		d/busybox cat d/busybox | d/busybox sha256sum')
	[ "$inside" = "$before
$before" ] || { echo "$trap: inside $inside, expected $before twice"; fail=1; }
	[ "$(sha256sum <d/busybox)" = "$before" ] || { echo "$trap: the file has changed"; fail=1; }
	[ "$(stat -c %Y.%Z d/busybox)" = "$mtime" ] || { echo "$trap: the file was touched"; fail=1; }
done

# A program that is exchanged between two runs runs with its new text, not with an image of the old one.
cat >a.c <<'EOF'
#include <unistd.h>
int main(void) { write(1, TEXT, sizeof(TEXT) - 1); return 0; }
EOF
gcc -O1 -static -DTEXT='"first\n"' -o one a.c && gcc -O1 -static -DTEXT='"other\n"' -o two a.c || exit 1
out=$("$UMK" --trap=seccomp -- /bin/busybox sh -c 'cp one p; for i in 1 2 3 4 5; do ./p; done; cp two q; mv q p; ./p; ./p; cat one >p; ./p; ./p' | uniq -c | tr -s ' \n' ' ')
[ "$out" = " 5 first 2 other 2 first " ] || { echo "exchanged: '$out'"; fail=1; }
exit $fail
