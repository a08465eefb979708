# top, ps, lsof and their kin tell of guests what they tell on the host of the host's.
set -e
sleep 1000 & pid=$!
python3 -c 'import time, socket; s = socket.socket(socket.AF_UNIX); s.bind("sock"); s.listen(); f = open("opened", "w"); open("ready", "w"); time.sleep(1000)' & python=$!
while [ ! -e ready ]; do sleep 0.1; done
ps -o comm=,args=,stat=,ni=,cls= -p $pid,$python | sed 's/python3 -c.*)  */PY /;s/^/= ps: /'
ps -o user=,uid=,gid=,tty=,nlwp= -p $pid | sed 's/^/= ps: /'
ps -o wchan= -p $pid | grep -c '[a-z_]' | sed 's/^/= ps: wchan /'
ps -o ppid= -p $pid | grep -qx " *$$" && echo "= ps: its parent"
ps -eo pid= | grep -qx " *$$" && echo "= ps: all"
ps -eLo lwp= | grep -qx " *$$" && echo "= ps: threads"
ps f -o args= -p $$,$pid | sed 's/^/= tree: /' | tail -1
top -b -n 1 -p $pid -w 200 | sed -n '/PID/{s/^/= top: /p;n;s/^ *[0-9]* \([a-z]*\) *\([0-9]*\) *\([0-9]*\) .* \([A-Z]\) .* \([a-z]*\)$/= top: \1 \2 \3 \4 \5/p}'
top -b -n 2 -d 0.2 | grep -c '^top -' | sed 's/^/= top: rounds /'
lsof -n -P -p $python -a -d 0-5,cwd,txt -F ftn 2>lsof.err | grep -v '^p' | paste -sd' ' | sed 's/[0-9]*->[0-9]*//;s/n[^ ]*:\[[0-9]*\]/n/g;s/type=STREAM[^ ]* *//;s/n[^ ]*[.]log/nlog/g;s/^/= lsof: /'
cat lsof.err
lsof -t opened | grep -qx $python && echo "= lsof: by file"
pgrep -f 'sleep 1000' | grep -qx $pid && echo "= pgrep"
pidof sleep | tr ' ' '\n' | grep -qx $pid && echo "= pidof"
kill -STOP $pid
while [ "$(ps -o stat= -p $pid | cut -c1)" != T ]; do sleep 0.1; done
echo "= stopped"
renice -n 5 -p $pid >/dev/null
echo "= nice $(ps -o ni= -p $pid)"
free -b | awk 'NR == 2 { print "= free", ($2 > 0), ($3 > 0), ($7 > 0) }'
vmstat 1 1 | tail -1 | awk '{ print "= vmstat", NF }'
uptime | grep -q 'load average: [0-9.]*, [0-9.]*, [0-9.]*$' && echo "= uptime"
pmap $pid | head -3 | tail -2 | awk '{ print "= pmap", $3, $4 }'
pwdx $pid | sed "s/^$pid/= pwdx/"
kill -9 $pid $python
wait $pid || echo "= killed: $?"
nproc | sed 's/^/= nproc /'
lscpu | grep -E '^(Architecture|CPU\(s\)|Thread|Vendor|Model name)' | sed 's/^/= /'
df --output=target . | tail -1 | sed 's/^/= df /'
mount | grep -c ' / ' | sed 's/^/= mounts at the root: /'
findmnt -n -o TARGET / | sed 's/^/= findmnt /'
