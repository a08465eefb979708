/* Path names of AF_UNIX sockets: every length up to 108 bytes with and without NUL, relative ones, directories that are gone or
 * bind mounted, names that are links, files and directories, modes and permissions. */
// needs-root: mounts, and becomes another user
#include <fcntl.h>
#include <sched.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include "show.h"
#include "mnt.h"

#define OFF offsetof(struct sockaddr_un, sun_path)
static struct sockaddr_un un;

static int sock(void) { return socket(AF_UNIX, SOCK_STREAM, 0); }

static socklen_t named(const char *path)
{
	memset(&un, 0, sizeof(un));
	un.sun_family = AF_UNIX;
	strcpy(un.sun_path, path);
	return OFF + strlen(path) + 1;
}

static void lengths(void)
{
	static const int lens[] = { 1, 2, 50, 90, 106, 107, 108 };

	for (unsigned i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		struct { struct sockaddr_un un; char more[8]; } got;
		socklen_t len = sizeof(got);
		int s = sock(), c = sock(), n = lens[i];
		char name[120] = "";

		memset(&un, 0, sizeof(un));
		un.sun_family = AF_UNIX;
		memset(un.sun_path, 'a' + i, n);
		memcpy(name, un.sun_path, n);
		printf("%d bytes without NUL: ", n);
		SHOW(bind(s, (void *)&un, OFF + n));
		memset(&got, 0x55, sizeof(got));
		getsockname(s, (void *)&got, &len);
		printf("  told %d bytes, last %d\n", (int)(len - OFF), ((char *)&got)[len - 1]);
		SHOW(access(name, F_OK));
		SHOW(listen(s, 1));
		SHOW(connect(c, (void *)&un, OFF + n));
		SHOW(unlink(name));
	}
	un.sun_path[3] = 0;
	SHOW(bind(sock(), (void *)&un, sizeof(un)));
	SHOW(access("ggg", F_OK));
	SHOW(bind(sock(), (void *)&un, sizeof(un) + 1));
	SHOW(unlink("ggg"));
}

static void kinds(void)
{
	int s = sock();
	struct stat st;

	close(open("file", O_CREAT | O_WRONLY, 0600));
	mkdir("dir", 0700);
	SHOW(symlink("nowhere", "dangling"));
	SHOW(symlink("sock", "link"));
	SHOW(bind(s, (void *)&un, named("file")));
	SHOW(bind(s, (void *)&un, named("dir")));
	SHOW(bind(s, (void *)&un, named("dir/")));
	SHOW(bind(s, (void *)&un, named("new/")));
	SHOW(bind(s, (void *)&un, named("dangling")));
	SHOW(bind(s, (void *)&un, named("none/x")));
	SHOW(bind(s, (void *)&un, named("file/x")));
	SHOW(bind(s, (void *)&un, named(".")));
	SHOW(bind(s, (void *)&un, named("dir/../sock")));
	SHOW(bind(s, (void *)&un, named("sock2")));
	SHOW(lstat("sock", &st));
	printf("mode %o\n", st.st_mode);
	SHOW(connect(sock(), (void *)&un, named("sock")));
	listen(s, 10);
	SHOW(connect(sock(), (void *)&un, named("sock")));
	SHOW(connect(sock(), (void *)&un, named("link")));
	SHOW(connect(sock(), (void *)&un, named("./dir/../sock")));
	SHOW(connect(sock(), (void *)&un, named("sock/")));
	SHOW(connect(sock(), (void *)&un, named("dangling")));
	SHOW(connect(sock(), (void *)&un, named("file")));
	SHOW(connect(sock(), (void *)&un, named("dir")));
	SHOW(open("sock", O_RDWR));
	SHOW(open("sock", O_PATH) >= 0);
	SHOW(truncate("sock", 0));
	SHOW(rename("sock", "moved"));
	SHOW(connect(sock(), (void *)&un, named("sock")));
	SHOW(connect(sock(), (void *)&un, named("moved")));
	SHOW(link("moved", "hard"));
	SHOW(connect(sock(), (void *)&un, named("hard")));
	SHOW(unlink("moved"));
	SHOW(connect(sock(), (void *)&un, named("hard")));
	SHOW(chmod("hard", 0500));
	fflush(stdout);
	if (!fork()) {
		chmod(".", 0755);
		if (setuid(99))
			_exit(1);
		SHOW(connect(sock(), (void *)&un, named("hard")));
		SHOW(bind(sock(), (void *)&un, named("mine")));
		exit(0);
	}
	wait(NULL);
	SHOW(unlink("hard"));
	close(s);
}

static void directories(void)
{
	int s = sock(), t = sock();

	SHOW(mkdir("gone", 0700));
	SHOW(chdir("gone"));
	SHOW(rmdir("../gone"));
	SHOW(bind(s, (void *)&un, named("x")));
	SHOW(connect(s, (void *)&un, named("x")));
	SHOW(bind(s, (void *)&un, named("../here")));
	SHOW(chdir(".."));
	mkdir("a", 0700);
	mkdir("b", 0700);
	own_mounts();
	SHOW(mount("a", "b", NULL, MS_BIND, NULL));
	SHOW(bind(t, (void *)&un, named("a/s")));
	SHOW(listen(t, 5));
	SHOW(connect(sock(), (void *)&un, named("b/s")));
	SHOW(mount(NULL, "b", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL));
	SHOW(connect(sock(), (void *)&un, named("b/s")));
	SHOW(bind(sock(), (void *)&un, named("b/t")));
	SHOW(bind(sock(), (void *)&un, named("b/s")));
	SHOW(umount("b"));
	SHOW(connect(sock(), (void *)&un, named("b/s")));
}

int main(void)
{
	umask(027);
	lengths();
	kinds();
	directories();
	return 0;
}
