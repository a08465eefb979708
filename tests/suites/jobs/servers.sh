# Servers and clients as they come, over lo: each ends with its own checks clean, and what was transferred is intact.
set -e
trap '[ -z "$server" ] || kill $server' EXIT
fail() { echo "failed: $*"; exit 1; }
# until_answers PORT: the server listens
until_answers() {
	for i in $(seq 100); do
		socat -u OPEN:/dev/null "TCP:127.0.0.1:$1,connect-timeout=1" 2>/dev/null && return
		sleep 0.1
	done
	fail "nobody listens at $1"
}
end_server() {
	kill $server
	wait $server 2>/dev/null || true
	server=
}
mkdir www
seq 300000 >www/large
echo hello >www/small
want=$(sha256sum <www/large)

redis-server --port 20001 --save '' --daemonize no >redis.log 2>&1 & server=$!
until_answers 20001
redis-benchmark -p 20001 -c 50 -n 20000 -t ping,set,get,incr,lpush,mset --csv >bench || fail redis-benchmark
echo "= redis-benchmark: $(grep -c '^"[^t]' bench) tests"
redis-benchmark -p 20001 -c 50 -n 20000 -P 16 -d 3000 -t set,get -q >bench || fail "redis-benchmark -P 16"
redis-cli -p 20001 shutdown nosave || fail redis-cli
wait $server
server=
echo "= redis-server ended by itself"

mkdir nginx
cat >nginx/conf <<'END'
daemon off; worker_processes 2; pid nginx/pid; error_log nginx/error;
events { worker_connections 1000; }
http { access_log off; client_body_temp_path nginx; proxy_temp_path nginx; fastcgi_temp_path nginx; uwsgi_temp_path nginx; scgi_temp_path nginx;
	server { listen 127.0.0.1:20002; listen [::1]:20002; location / { root www; } } }
END
[ "$(id -u)" != 0 ] || chmod 755 .
nginx -p "$PWD" -c nginx/conf 2>nginx.log & server=$!
until_answers 20002
wrk -t 2 -c 100 -d 3 http://127.0.0.1:20002/small >wrk.log || fail wrk
grep -E 'Socket errors|Non-2xx' wrk.log && fail "wrk: errors"
echo "= nginx and wrk without errors"
[ "$(curl -sf http://127.0.0.1:20002/large | sha256sum)" = "$want" ] && [ "$(curl -sf 'http://[::1]:20002/large' | sha256sum)" = "$want" ] || fail "nginx and curl"
echo "= nginx and curl over IPv4 and IPv6"
end_server

iperf3 -s -p 20003 >iperf.log & server=$!
until_answers 20003
for options in "" "-R" "-P 8" "-6" "-u -b 100M -l 1400" "-u -6 -b 50M -l 1200" "-Z" "--bidir" "-6 -R -P 4"; do
	# a connection that only looks, as until_answers() makes, may keep the server busy a moment
	for i in 1 2 3 4 5; do
		iperf3 -c "$(case $options in *-6*) echo ::1 ;; *) echo 127.0.0.1 ;; esac)" -p 20003 -t 1 -J $options >iperf.json && break
		sleep 0.5
	done
	python3 - "$options" <<'END'
import json, sys
end = json.load(open("iperf.json"))["end"]
udp = "-u" in sys.argv[1]
bytes_sent, lost = (end["sum"]["bytes"], end["sum"]["lost_percent"]) if udp else (end["sum_received"]["bytes"], 0)
print("= iperf3 %s: data came through: %d" % (sys.argv[1], bytes_sent > 1000000 and lost < 50))
END
done
end_server

socat TCP-LISTEN:20004,reuseaddr,fork EXEC:cat & server=$!
until_answers 20004
[ "$(socat -t 10 - TCP:127.0.0.1:20004 <www/large | sha256sum)" = "$want" ] || fail "socat, TCP"
echo "= socat echoes $(wc -c <www/large) bytes"
end_server
socat -u UDP4-RECV:20005 CREATE:udp & server=$!
while ! grep -q ':4E25 ' /proc/net/udp; do sleep 0.1; done
seq 2000 | socat -u -b 500 - UDP4:127.0.0.1:20005
while [ "$(wc -c <udp)" -lt "$(seq 2000 | wc -c)" ] && [ $((tries = ${tries:-0} + 1)) -lt 50 ]; do sleep 0.1; done
[ "$(cat udp)" = "$(seq 2000)" ] && echo "= socat over UDP"
end_server

busybox httpd -f -p 127.0.0.1:20006 -h www & server=$!
until_answers 20006
[ "$(busybox wget -qO- http://127.0.0.1:20006/large | sha256sum)" = "$want" ] && echo "= busybox httpd and wget"
end_server
busybox nc -l -p 20007 >nc.out & server=$!
for i in $(seq 50); do busybox nc 127.0.0.1 20007 <www/small && break; sleep 0.1; done
wait $server
server=
cmp nc.out www/small && echo "= busybox nc"

python3 -m http.server --bind 127.0.0.1 --directory www 20008 2>/dev/null & server=$!
until_answers 20008
[ "$(curl -sf http://127.0.0.1:20008/large | sha256sum)" = "$want" ] && echo "= http.server and curl"
seq 20 | xargs -P 8 -n 1 sh -c 'curl -sf http://127.0.0.1:20008/small' >many && echo "= $(grep -c hello many) answers"
echo "= ss sees $(ss -Hltn 'sport = :20008' | awk '{ print $1, $4, $5 }')"
end_server
echo "= $(ip -o -4 addr show lo | awk '{ print $2, $3, $4, $5, $6 }')"
echo "= $(ip -o -6 addr show lo | awk '{ print $2, $3, $4, $5, $6 }')"
