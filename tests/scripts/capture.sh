#!/bin/sh
# --pcap: a pcapng file that holds every packet with its interface, comment and true checksums. --netem: what it asks for
# happens, the same each time with the same seed.
cat >udp.c <<'C'
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
int main(int argc, char **argv)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);
	struct timeval second = { 1, 0 };
	int s = socket(AF_INET, SOCK_DGRAM, 0), c = socket(AF_INET, SOCK_DGRAM, 0), n, last = -1, got = 0, back = 0;
	bind(s, (void *)&a, sizeof(a));
	getsockname(s, (void *)&a, &len);
	connect(c, (void *)&a, len);
	setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof(second));
	for (int i = 0; i < 100; i++)
		send(c, &i, sizeof(i), 0);
	while (recv(s, &n, sizeof(n), 0) == sizeof(n)) {
		got++;
		back += n < last;
		last = n;
	}
	printf("%d %d\n", got, back);
	return 0;
}
C
gcc -O1 -static -o udp udp.c -w || exit 1
cat >check.py <<'P'
import struct, sys
data = open(sys.argv[1], "rb").read()
at, names, packets = 0, [], 0
def options(b):
    out = {}
    while len(b) >= 4:
        code, size = struct.unpack("<HH", b[:4])
        if not code: break
        out[code] = b[4:4 + size]
        b = b[4 + (size + 3) // 4 * 4:]
    return out
def checksum(b):
    if len(b) % 2: b += b"\0"
    s = sum(struct.unpack(">%dH" % (len(b) // 2), b))
    while s >> 16: s = (s & 0xffff) + (s >> 16)
    return s
while at < len(data):
    kind, size = struct.unpack("<II", data[at:at + 8])
    assert size % 4 == 0 and struct.unpack("<I", data[at + size - 4:at + size])[0] == size
    body = data[at + 8:at + size - 4]
    if kind == 1:
        names.append(options(body[8:])[2])
    elif kind == 6:
        number, _, _, length, _ = struct.unpack("<5I", body[:20])
        packet, opts = body[20:20 + length], options(body[20 + (length + 3) // 4 * 4:])
        assert names[number] == b"lo" and packet[12:14] == b"\x08\0"
        ip = packet[14:]
        assert checksum(ip[:20]) == 0xffff
        assert checksum(ip[12:20] + struct.pack(">HH", ip[9], len(ip) - 20) + ip[20:]) == 0xffff, "UDP checksum"
        assert opts[1].startswith(b"pid ") and opts[1].endswith(b" sendto"), opts[1]
        packets += 1
    at += size
print(packets)
P
timeout 60 "$UMK" --pcap=x.pcapng ./udp >out || { echo "exit $?"; exit 1; }
[ "$(cat out)" = "100 0" ] || { echo "without netem: $(cat out)"; exit 1; }
[ "$(python3 check.py x.pcapng)" = 100 ] || { echo "packets: $(python3 check.py x.pcapng)"; exit 1; }
netem() { timeout 60 "$UMK" --time=virtual --seed=7 "$@" ./udp; }
[ "$(netem --netem=lo:delay=10ms)" = "100 0" ] || { echo "delay: $(netem --netem=lo:delay=10ms)"; exit 1; }
[ "$(netem --netem=lo:loss=100%)" = "0 0" ] || { echo "loss=100%"; exit 1; }
[ "$(netem --netem=lo:duplicate=100%)" = "200 0" ] || { echo "duplicate: $(netem --netem=lo:duplicate=100%)"; exit 1; }
first=$(netem --netem=lo:delay=10ms,loss=10%,reorder=25%) second=$(netem --netem=lo:delay=10ms,loss=10%,reorder=25%)
[ "$first" = "$second" ] || { echo "not repeatable: $first, $second"; exit 1; }
case $first in 100* | *" 0") echo "neither loss nor reordering: $first"; exit 1 ;; esac
for bad in lo delay=1ms lo:delay lo:delay=1x lo:loss=101% lo:reorder=5% lo:nothing=1; do
	timeout 20 "$UMK" --netem=$bad busybox true 2>err
	[ $? = 125 ] && grep -q '^umk: --netem' err || { echo "--netem=$bad: $(cat err)"; exit 1; }
done
