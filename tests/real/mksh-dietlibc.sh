# run: /usr/lib/diet/bin/mksh @
i=0; while (( i < 20 )); do (( i++ )); done; print "i $i"
set -A a x y z; print "${a[1]} ${#a[*]}"
print 'b\na\nc' | while read l; do print "<$l>"; done
(exit 3); print $?
f() { typeset x=$1; print -n "$x "; (( x )) && f $((x - 1)); }; f 5; print
x=$(cat <<EOT
here
EOT
)
print "$x"
cat /proc/self/comm 2>/dev/null | wc -c >/dev/null
trap 'print got' USR1; kill -USR1 $$
(sleep 0; print sub) & wait; print "w $?"
print ok >f; cat f
ls /nonexistent 2>/dev/null; print $?
exit 6
