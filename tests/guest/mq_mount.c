/* The file system of message queues: queues as files, files as queues, in two places. */
// needs-root: mount(2)
#include <dirent.h>
#include <mqueue.h>
#include <stdlib.h>
#include <sys/statfs.h>

#include "mnt.h"

static void list(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	printf("%s:", dir);
	while (d && (e = readdir(d)))
		printf(" %s(%d)", e->d_name, e->d_type);
	printf("\n");
	if (d)
		closedir(d);
}

static void about(const char *path)
{
	struct stat st;

	if (stat(path, &st))
		printf("%s: %s\n", path, errno_name(errno));
	else
		printf("%s: %o, %ld links, %ld bytes, user %d\n", path, st.st_mode, (long)st.st_nlink, (long)st.st_size, (int)st.st_uid);
}

int main(void)
{
	struct mq_attr attr = { .mq_maxmsg = 3, .mq_msgsize = 20 };
	char text[128] = "";
	struct statfs fs;
	mqd_t q;
	int f;

	if (unshare(CLONE_NEWIPC) && errno != EINVAL)
		return 1; /* never the machine's own queues */
	own_mounts();
	umask(022);
	mkdir("m", 0755);
	mkdir("n", 0755);
	SHOW(mount("q", "m", "mqueue", 0, NULL));
	SHOW(mount("q", "n", "mqueue", 0, "nonsense=1"));
	SHOW(mount("q", "n", "mqueue", 0, NULL));
	about("m");
	SHOW(statfs("m", &fs));
	printf("%lx\n", (long)fs.f_type);
	q = mq_open("/one", O_RDWR | O_CREAT, 0666, &attr);
	SHOW(q >= 0);
	SHOW(mq_send(q, "hello", 5, 0));
	list("m");
	list("n");
	about("m/one");
	f = open("m/one", O_RDONLY);
	SHOW(read(f, text, sizeof(text) - 1));
	printf("%s", text);
	/* a file that is a queue */
	SHOW(mq_getattr(f, &attr));
	printf("%ld of %ld, %ld bytes\n", attr.mq_curmsgs, attr.mq_maxmsg, attr.mq_msgsize);
	close(f);
	f = open("n/two", O_RDWR | O_CREAT | O_EXCL, 0640);
	SHOW(f >= 0);
	SHOW(open("n/two", O_RDWR | O_CREAT | O_EXCL, 0640));
	SHOW(mq_getattr(f, &attr));
	printf("%ld of %ld, %ld bytes\n", attr.mq_curmsgs, attr.mq_maxmsg, attr.mq_msgsize);
	SHOW(write(f, "x", 1));
	close(f);
	about("m/two");
	list("m");
	about("m");
	SHOW(mknod("m/three", S_IFREG | 0600, 0) == 0 || errno == EPERM);
	SHOW(mkdir("m/dir", 0700));
	SHOW(mknod("m/fifo", S_IFIFO | 0600, 0));
	SHOW(symlink("a", "m/link"));
	SHOW(link("m/one", "m/other"));
	SHOW(rename("m/one", "m/other"));
	SHOW(chmod("m/two", 0600));
	about("n/two");
	/* names go either way */
	SHOW(unlink("m/one"));
	SHOW(unlink("m/one"));
	about("n/one");
	about("m");
	SHOW(mq_send(q, "still", 5, 0));
	SHOW(mq_open("/one", O_RDWR));
	f = open("m/two", O_RDONLY);
	SHOW(mq_unlink("/two"));
	about("m/two");
	SHOW(pread(f, text, 6, 0));
	close(f);
	unlink("m/three");
	list("m");
	SHOW(umount("m"));
	SHOW(umount("n"));
	return 0;
}
