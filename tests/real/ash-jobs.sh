# run: busybox sh @
(sleep 0.3; echo late) &
(sleep 0.1; echo early) &
wait
for i in 1 2 3 4 5 6 7 8; do (echo job $i >j$i) & done
wait
cat j1 j2 j3 j4 j5 j6 j7 j8
mkfifo p
(cat p; echo "reader done") &
echo "through a fifo" >p
wait
exec 3>three; echo hello >&3; exec 3>&-; cat three
exec 4<three; read x <&4; echo "got $x"
{ echo out; echo err >&2; } 2>&1 | sort
set -- a b c; shift; echo "$# $1"
(trap '' PIPE; yes 2>/dev/null | head -1)
echo done
