# umk is killed at any moment of a guest's writing: every byte that the guest had synced, by fsync, fdatasync, msync, O_SYNC,
# sync_file_range with a wait or syncfs, is in the host's file.
cat >writer.c <<'END'
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Record i is 100 bytes: its number and a pattern made from it. After each sync its number goes to standard output. */
static void record(char *to, int i)
{
	memset(to, 'a' + i % 26, 100);
	to[sprintf(to, "%08d", i)] = ' ';
}

int main(int argc, char **argv)
{
	char buf[100];
	int fd = open("out", O_CREAT | O_RDWR | O_TRUNC, 0644), sync = open("out", O_RDWR | O_SYNC), i;
	char *map;

	if (fd < 0 || sync < 0 || ftruncate(fd, 100 * 100000))
		return 1;
	map = mmap(NULL, 100 * 100000, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	for (i = 0; i < 100000; i++) {
		record(buf, i);
		switch (i % 5) {
		case 0:
			pwrite(fd, buf, 100, i * 100);
			fsync(fd);
			break;
		case 1:
			memcpy(map + i * 100, buf, 100);
			msync((char *)((long)(map + i * 100) & -4096), 8192, MS_SYNC);
			break;
		case 2:
			memcpy(map + i * 100, buf, 100);
			fdatasync(fd);
			break;
		case 3:
			pwrite(sync, buf, 100, i * 100);
			break;
		default:
			memcpy(map + i * 100, buf, 100);
			syncfs(fd);
		}
		dprintf(1, "%d\n", i);
	}
	return 0;
}
END
cat >checker.c <<'END'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
	FILE *f = fopen("out", "r");
	int last = atoi(argv[1]), i;
	char buf[100], want[100];

	for (i = 0; i <= last; i++) {
		memset(want, 'a' + i % 26, 100);
		want[sprintf(want, "%08d", i)] = ' ';
		if (!f || fread(buf, 1, 100, f) != 100 || memcmp(buf, want, 100)) {
			printf("record %d of %d is not there\n", i, last + 1);
			return 1;
		}
	}
	return 0;
}
END
gcc -O1 -static -o writer writer.c && gcc -O1 -o checker checker.c || exit 1
most=0
for round in $(seq "${ROUNDS:-20}"); do
	"$UMK" ./writer >acked 2>err &
	pid=$!
	# not before the first records, then at any time within some 200 ms
	for i in $(seq 100); do [ -s acked ] && break; sleep 0.05; done
	sleep "0.$(printf '%03d' $(($(od -An -N2 -tu2 /dev/urandom) % 200)))"
	kill -9 $pid
	wait $pid 2>/dev/null
	last=$(grep -c . acked)
	# the last line may be cut
	last=$((last - 2))
	[ $last -ge 0 ] || continue
	./checker $last || exit 1
	[ $last -le $most ] || most=$last
done
[ $most -gt 0 ] || { echo "no record was synced in any round: $(cat err)"; exit 1; }
exit 0
