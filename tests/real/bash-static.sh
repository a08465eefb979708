# run: bash-static @
declare -A m=([one]=1 [two]=2)
for k in one two; do echo "$k=${m[$k]}"; done
arr=($(seq 5)); echo "${arr[@]:1:3} ${#arr[@]}"
while read -r a b; do echo "$b-$a"; done < <(printf '1 x\n2 y\n')
echo {1..5} $((2**40)) "${BASH_VERSINFO[0]}"
[[ abc =~ ^a(.)c$ ]] && echo "${BASH_REMATCH[1]}"
coproc cat; echo via >&"${COPROC[1]}"; read -r -u "${COPROC[0]}" l; echo "$l"; kill $COPROC_PID
wait 2>/dev/null
trap 'echo usr1' USR1; kill -USR1 $$
set -o pipefail; false | true; echo $?
printf '%05d %s\n' 42 "$(pwd | wc -c | tr -dc 0-9 | head -c 0)ok"
f() { local x=$1; ((x > 0)) && { echo -n "$x "; f $((x - 1)); }; }; f 10; echo
ulimit -n | grep -c .
test -t 0; echo "tty: $?"
exec 5<>/dev/null; echo x >&5; echo "rw: $?"
time_() { :; }; time_; type cd | head -1
exit 9
