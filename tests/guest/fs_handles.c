/* File handles: of which file systems there are any, what opens again by one and when it is stale. */
// needs-root: CAP_DAC_READ_SEARCH
#include <fcntl.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "show.h"

#define AT_HANDLE_FID 0x200
#define AT_HANDLE_MNT_ID_UNIQUE 1
#define AT_HANDLE_CONNECTABLE 2

struct handle { unsigned bytes; int type; unsigned char data[128]; };

static int mnt;

static long name_to_handle(int dfd, const char *name, struct handle *h, int flags)
{
	h->bytes = sizeof(h->data);
	return syscall(SYS_name_to_handle_at, dfd, name, h, &mnt, flags);
}

static int open_handle(int mntfd, const struct handle *h, int flags)
{
	return syscall(SYS_open_by_handle_at, mntfd, h, flags);
}

static int mnt_id_of(const char *name)
{
	char line[128];
	int fd = open(name, O_PATH), id = -1;
	FILE *f;

	snprintf(line, sizeof(line), "/proc/self/fdinfo/%d", fd);
	f = fopen(line, "r");
	while (f && fgets(line, sizeof(line), f))
		sscanf(line, "mnt_id: %d", &id);
	fclose(f);
	close(fd);
	return id;
}

/* Which kinds of files have handles. */
static void kinds(const char *name)
{
	struct handle h = { 0 };
	long r;

	errno = 0;
	r = name_to_handle(AT_FDCWD, name, &h, 0);
	printf("%s: %s", name, r ? errno_name(errno) : "handle");
	errno = 0;
	r = name_to_handle(AT_FDCWD, name, &h, AT_HANDLE_FID);
	printf(", identifier %s, type %#x%s\n", r ? errno_name(errno) : "yes", h.type, h.type == 0x81 && h.bytes == 12 ? ", 12 bytes" : "");
}

static void anonymous(const char *what, int fd)
{
	struct handle h = { 0 };

	printf("%s: ", what);
	SHOW(name_to_handle(fd, "", &h, AT_EMPTY_PATH));
	SHOW(name_to_handle(fd, "", &h, AT_EMPTY_PATH | AT_HANDLE_FID));
	close(fd);
}

static void naming(void)
{
	struct handle h = { 0 }, g = { 0 };
	unsigned long long unique = 0;
	int id = -1, p[2];

	kinds(".");
	kinds("/dev/shm");
	kinds("/dev/null");
	kinds("/proc");
	kinds("/proc/self/comm");
	kinds("/sys");
	SHOW(pipe(p));
	anonymous("pipe", p[0]);
	anonymous("eventfd", eventfd(0, 0));
	anonymous("socket", socket(AF_UNIX, SOCK_STREAM, 0));
	SHOW(name_to_handle(AT_FDCWD, ".", &h, 0));
	SHOW(mnt == mnt_id_of("."));
	SHOW(syscall(SYS_name_to_handle_at, AT_FDCWD, ".", &h, &unique, AT_HANDLE_MNT_ID_UNIQUE));
	SHOW(unique > 0x80000000ull);
	/* room */
	h.bytes = 0;
	SHOW(syscall(SYS_name_to_handle_at, AT_FDCWD, ".", &h, &id, 0));
	SHOW(h.bytes > 0 && h.type == 255 && id == mnt);
	g.bytes = h.bytes;
	SHOW(syscall(SYS_name_to_handle_at, AT_FDCWD, ".", &g, &id, 0));
	h.bytes = 3;
	SHOW(syscall(SYS_name_to_handle_at, AT_FDCWD, "/proc", &h, &id, AT_HANDLE_FID));
	SHOW(h.bytes);
	h.bytes = 129;
	SHOW(syscall(SYS_name_to_handle_at, AT_FDCWD, ".", &h, &id, 0));
	SHOW(syscall(SYS_name_to_handle_at, AT_FDCWD, "/proc", &h, &id, 0));
	h.bytes = 128;
	/* errors */
	SHOW(syscall(SYS_name_to_handle_at, AT_FDCWD, ".", &h, BAD_PTR, 0));
	SHOW(syscall(SYS_name_to_handle_at, AT_FDCWD, ".", BAD_PTR, &id, 0));
	SHOW(syscall(SYS_name_to_handle_at, AT_FDCWD, "/proc", BAD_PTR, &id, 0));
	SHOW(syscall(SYS_name_to_handle_at, AT_FDCWD, "none", BAD_PTR, &id, 0));
	SHOW(syscall(SYS_name_to_handle_at, AT_FDCWD, "", &h, &id, 0));
	SHOW(syscall(SYS_name_to_handle_at, AT_FDCWD, "/dev/null/x", &h, &id, 0));
	SHOW(syscall(SYS_name_to_handle_at, -1, "f", &h, &id, 0));
	SHOW(syscall(SYS_name_to_handle_at, AT_FDCWD, ".", &h, &id, 0x800));
	SHOW(syscall(SYS_name_to_handle_at, AT_FDCWD, ".", &h, &id, AT_HANDLE_CONNECTABLE | AT_HANDLE_FID));
	SHOW(syscall(SYS_name_to_handle_at, AT_FDCWD, ".", &h, &id, AT_HANDLE_CONNECTABLE | AT_EMPTY_PATH));
}

/* What is behind the descriptor, which is closed. */
static void show_open(const char *what, int fd)
{
	char link[32], text[256], data[16];
	ssize_t n, got;

	if (fd < 0) {
		printf("%s: %s\n", what, errno_name(errno));
		return;
	}
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, text, sizeof(text) - 1);
	text[n < 0 ? 0 : n] = 0;
	got = read(fd, data, sizeof(data));
	printf("%s: opened %s, flags %#x, read %s\n", what, strrchr(text, '/'), fcntl(fd, F_GETFL),
		got < 0 ? errno_name(errno) : got ? "data" : "nothing");
	close(fd);
}

static void open_flags(int m, const struct handle *f, const struct handle *d, const struct handle *l)
{
	show_open("file", open_handle(m, f, O_RDWR));
	show_open("file O_PATH", open_handle(m, f, O_PATH));
	show_open("file O_CREAT", open_handle(m, f, O_CREAT | O_RDWR));
	show_open("file O_EXCL", open_handle(m, f, O_CREAT | O_EXCL | O_RDWR));
	show_open("file O_DIRECTORY", open_handle(m, f, O_DIRECTORY));
	show_open("file O_TMPFILE", open_handle(m, f, O_TMPFILE | O_RDWR));
	show_open("file O_TMPFILE read-only", open_handle(m, f, O_TMPFILE | O_RDONLY));
	show_open("file unknown flag", open_handle(m, f, 0x40000000));
	show_open("directory", open_handle(m, d, O_RDONLY));
	show_open("directory O_RDWR", open_handle(m, d, O_RDWR));
	show_open("directory O_PATH", open_handle(m, d, O_PATH));
	SHOW(close(open_handle(m, d, O_TMPFILE | O_RDWR)));
	show_open("link", open_handle(m, l, O_RDONLY));
	show_open("link O_PATH", open_handle(m, l, O_PATH));
}

static void bad_handles(int m, const struct handle *f, const struct handle *d)
{
	struct handle h = *f;
	int other = open("/proc", O_RDONLY), ev = eventfd(0, 0);

	show_open("without a directory", open_handle(AT_FDCWD, f, O_RDONLY));
	SHOW(open_handle(-1, f, O_RDONLY));
	SHOW(open_handle(open(".", O_PATH), f, O_RDONLY));
	SHOW(open_handle(other, f, O_RDONLY));
	SHOW(open_handle(ev, f, O_RDONLY));
	h.bytes = 0;
	SHOW(open_handle(m, &h, O_RDONLY));
	SHOW(open_handle(-1, &h, O_RDONLY));
	h.bytes = 129;
	SHOW(open_handle(m, &h, O_RDONLY));
	h.bytes = 4;
	SHOW(open_handle(m, &h, O_RDONLY));
	h.bytes = f->bytes + 4;
	show_open("long", open_handle(m, &h, O_RDONLY));
	h = *f;
	h.data[0] ^= 0x55;
	SHOW(open_handle(m, &h, O_RDONLY));
	h = *f;
	h.data[h.bytes - 1] ^= 0x55;
	SHOW(open_handle(m, &h, O_RDONLY));
	h = *f;
	h.type = -1;
	SHOW(open_handle(m, &h, O_RDONLY));
	h.type = f->type | 0x40000;
	SHOW(open_handle(m, &h, O_RDONLY));
	h.type = f->type | 0x20000; /* to be a directory */
	SHOW(open_handle(m, &h, O_RDONLY));
	h = *d;
	h.type |= 0x20000;
	show_open("a directory, as asked", open_handle(m, &h, O_RDONLY));
	SHOW(open_handle(m, BAD_PTR, O_RDONLY));
	SHOW(open_handle(-1, BAD_PTR, O_RDONLY));
	close(other);
	close(ev);
}

/* It follows its object through renames and links, and ends with it. */
static void life(int m, struct handle *f, struct handle *d)
{
	struct handle h = { 0 };
	int fd;

	SHOW(rename("d/f", "d/g"));
	show_open("renamed", open_handle(m, f, O_RDONLY));
	SHOW(mkdir("e", 0755));
	SHOW(rename("d/g", "e/g"));
	show_open("moved", open_handle(m, f, O_RDONLY));
	SHOW(link("e/g", "d/h"));
	SHOW(unlink("e/g"));
	show_open("linked", open_handle(m, f, O_RDONLY));
	SHOW(rename("d", "e/d2"));
	show_open("directory moved", open_handle(m, d, O_RDONLY));
	show_open("in it", open_handle(m, f, O_RDONLY));
	fd = open("e/d2/h", O_RDWR);
	SHOW(unlink("e/d2/h"));
	SHOW(close(open_handle(m, f, O_PATH)));
	SHOW(name_to_handle(fd, "", &h, AT_EMPTY_PATH));
	SHOW(memcmp(&h, f, 8 + f->bytes));
	close(fd);
}

static void user(int m, const struct handle *d)
{
	struct handle h = { 0 };

	if (fork() == 0) {
		SHOW(setuid(1000));
		SHOW(name_to_handle(AT_FDCWD, "e", &h, 0));
		SHOW(open_handle(m, d, O_RDONLY));
		SHOW(open_handle(-1, d, O_RDONLY));
		h.bytes = 0;
		SHOW(open_handle(m, &h, O_RDONLY));
		_exit(0);
	}
	wait(NULL);
}

static void opening(const char *what)
{
	struct handle f = { 0 }, d = { 0 }, l = { 0 }, t = { 0 };
	int fd, m;

	puts(what);
	m = open(".", O_RDONLY);
	SHOW(mkdir("d", 0755));
	fd = open("d/f", O_CREAT | O_RDWR, 0644);
	SHOW(write(fd, "data", 4));
	close(fd);
	SHOW(symlink("f", "d/l"));
	SHOW(name_to_handle(AT_FDCWD, "d/f", &f, 0));
	SHOW(name_to_handle(AT_FDCWD, "d", &d, 0));
	SHOW(name_to_handle(AT_FDCWD, "d/l", &l, 0));
	SHOW(name_to_handle(AT_FDCWD, "d/l", &t, AT_SYMLINK_FOLLOW));
	SHOW(memcmp(&t, &f, 8 + f.bytes));
	SHOW(memcmp(&l, &f, 8 + f.bytes) != 0);
	open_flags(m, &f, &d, &l);
	bad_handles(m, &f, &d);
	SHOW(unlink("d/l"));
	SHOW(open_handle(m, &l, O_PATH));
	life(m, &f, &d);
	SHOW(open_handle(m, &f, O_PATH));
	user(m, &d);
	SHOW(rmdir("e/d2"));
	SHOW(open_handle(m, &d, O_RDONLY));
	SHOW(rmdir("e"));
	close(m);
}

int main(void)
{
	char dir[] = "/dev/shm/handles-XXXXXX";

	naming();
	opening("on disk");
	SHOW(mkdtemp(dir) != NULL);
	if (chdir(dir) == 0)
		opening("in memory");
	SHOW(rmdir(dir));
	return 0;
}
