# run: bash-static @
# Jobs, traps, here-documents, process substitution. What bash says of its children has their numbers in it.
exec 2>/dev/null
for i in 3 1 2; do (sleep "0.$i"; exit "$i") & done
sum=0
while wait -n; s=$?; [ $s != 127 ]; do sum=$((sum * 10 + s)); done
echo "ended in order $sum"
trap 'echo "got term"' TERM
(sleep 0.1; kill -TERM $$) &
wait $!
echo "interrupted or done"
wait
trap - TERM
sleep 100 &
sleep 0.1
kill $!
wait $!
echo "killed $?"
sleep 100 &
kill -STOP $!
kill -KILL $!
wait $!
echo "killed $?"
cat <<EOF
here $((1 + 2)) $(echo nested)
EOF
cat <<-'EOF'
	literal $HOME
EOF
tr a-z A-Z <<<"string"
diff <(seq 5) <(seq 4; echo 6)
echo "diff $?"
yes | head -n 3
echo "${PIPESTATUS[@]}"
(trap '' PIPE; yes; echo $? >status) | head -n 1
cat status
ulimit -c 0
bash-static -c 'kill -SEGV $$' 2>/dev/null
echo "segv $?"
timeout 0.2 sleep 10
echo "timeout $?"
timeout -s KILL 0.2 bash-static -c 'while :; do :; done' 2>/dev/null
echo "timeout $?"
exec 7< <(echo from a pipe)
read -r line <&7
echo "$line"
read -t 0.1 -r line < <(sleep 1)
echo "read $(($? > 128))"
f() { return 3; }
f || echo "returned $?"
(exit 4) | (exit 5) | true
echo "${PIPESTATUS[*]}"
$(exit 8)
echo $?
trap 'echo "exit trap $?"' EXIT
exit 11
