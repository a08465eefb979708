# run: busybox sh @
i=0
while [ $i -lt 50 ]; do
	i=$((i + 1))
	[ $((i % 10)) = 0 ] && echo "at $i"
done
for w in one two three; do echo "$w" | tr a-z A-Z; done
cat <<EOF | sort -r
b $i
a
c
EOF
f() { return $1; }
f 3; echo "f: $?"
(exit 7); echo "subshell: $?"
false || echo or
echo "$(echo nested "$(echo deep)")"
trap 'echo trapped TERM' TERM
kill -TERM $$
trap 'echo bye' EXIT
sleep 0.1 & wait $!; echo "bg: $?"
(sleep 0.1; exit 5) & wait $!; echo "bg: $?"
sh -c 'kill -9 $$'; echo "killed: $?"
busybox sh -c 'exit 300'; echo "wrap: $?"
no-such-command-here; echo "none: $?"
/etc/passwd; echo "perm: $?"
exit 4
