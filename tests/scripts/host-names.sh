# The host changes names, links, modes and mounts under a guest that has looked at them often: its next call sees it.
fail=0
bad() { echo "$*"; fail=1; }

mkdir -p t/a/b/c t/other/b/c
echo one >t/a/b/c/f
echo two >t/other/b/c/f
ln -s a t/link
mkfifo ask answer
# Each line that comes is done when the host's change is over; its outcome goes back.
"$UMK" --stats bash -c '
	i=0
	while [ $i -lt 700 ]; do
		[ -e t/a/b/c/f ]; [ -e t/a/b/c/no ]; [ -e t/link/b/c/f ]; [ -x t/a/b ]; read -r x <t/a/b/c/f
		i=$((i + 1))
	done
	echo ready
	while read -r line; do
		if eval "$line"; then echo yes; else echo no; fi
	done' <ask >answer 2>err &
pid=$!
exec 8>ask 9<answer
read -r x <&9
[ "$x" = ready ] || bad "the guest is not ready: $x"
is() { # is ANSWER WORDS...: what the guest finds
	want=$1
	shift
	echo "$*" >&8
	read -r got <&9
	[ "$got" = "$want" ] || bad "$*: $got"
}

is no '[ -e t/a/b/c/no ]'
echo x >t/a/b/c/no
is yes '[ -e t/a/b/c/no ]'
is yes 'read -r x <t/a/b/c/no && [ "$x" = x ]'
rm t/a/b/c/no
is no '[ -e t/a/b/c/no ]'
is no 'read -r x <t/a/b/c/no'
# what is appended to a file that has been read to its end
echo one >t/log
is yes 'exec 7<t/log && read -r x <&7 && [ "$x" = one ]'
is no 'read -r x <&7'
echo two >>t/log
is yes 'read -r x <&7 && [ "$x" = two ]'
for i in 1 2 3 4 5 6 7 8 9 10; do
	echo $i >t/new
	mv t/new t/a/b/c/f
	is yes "read -r x <t/a/b/c/f && [ \$x = $i ]"
done
rm t/link && ln -s other t/link
is yes '[ t/link/b/c/f -ef t/other/b/c/f ]'
is yes 'read -r x <t/link/b/c/f && [ "$x" = two ]'
mv t/a t/was
is no '[ -e t/a/b/c/f ]'
is yes '[ -e t/was/b/c/f ]'
mv t/other t/a
is yes 'read -r x <t/a/b/c/f && [ "$x" = two ]'
is no '[ -e t/link/b/c/f ]'
rm -r t/a/b
is no '[ -e t/a/b/c/f ]'
mkdir -p t/a/b/c
is no '[ -e t/a/b/c/f ]'
echo three >t/a/b/c/f
is yes 'read -r x <t/a/b/c/f && [ "$x" = three ]'
rm -r t/a/b && echo file >t/a/b
is no '[ -e t/a/b/c/f ]'
is yes '[ -f t/a/b ]'
rm t/a/b && mkdir -p t/a/b/c && echo four >t/a/b/c/f
is yes '[ -e t/a/b/c/f ]'
chmod 0 t/a/b
if [ "$(id -u)" != 0 ]; then
	is no '[ -e t/a/b/c/f ]'
fi
chmod 755 t/a/b
is yes '[ -e t/a/b/c/f ]'
# more than the host's queue of events holds
i=0
while [ $i -lt 300 ]; do
	echo "t/a/b/c/m$i"
	i=$((i + 1))
done >names
i=0
while [ $i -lt 70 ]; do
	xargs touch <names
	xargs rm <names
	i=$((i + 1))
done
is no '[ -e t/a/b/c/m7 ]'
echo >t/a/b/c/m7
is yes '[ -e t/a/b/c/m7 ]'
if mount -t tmpfs none t/a/b 2>/dev/null; then
	is no '[ -e t/a/b/c/f ]'
	echo >t/a/b/on
	is yes '[ -e t/a/b/on ]'
	umount -l t/a/b
	is yes '[ -e t/a/b/c/f ]'
	is no '[ -e t/a/b/on ]'
fi
exec 8>&- 9<&-
wait $pid || bad "umk: $? $(cat err)"

# The guest's own changes, and a limit of descriptors that is lower than what there is to hold.
(
	ulimit -n 256
	"$UMK" bash -c '
		for d in 1 2 3 4 5 6 7 8 9; do for e in 1 2 3 4 5 6 7 8 9; do mkdir -p t/m/$d/$e; echo $d$e >t/m/$d/$e/f; done; done
		for turn in 1 2 3 4 5 6 7 8; do
			for d in t/m/*/*; do
				read -r x <$d/f || exit 1
				[ -e $d/none ] && exit 2
			done
		done
		for d in t/m/*/*; do
			: >$d/none
			[ -e $d/none ] || exit 3
			rm $d/none
			[ -e $d/none ] && exit 4
		done
		exit 0'
) || bad "few descriptors: $?"
exit $fail
