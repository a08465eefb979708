// needs-root: chown
/* The node of a slave: owner, mode, chmod, chown, names in /proc, what is left of it after the master. */
#include "tty.h"
#include <dirent.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

static int listed(const char *name)
{
	DIR *d = opendir("/dev/pts");
	struct dirent *e;
	int found = 0;

	while (d && (e = readdir(d)))
		found |= !strcmp(e->d_name, name) && e->d_type == DT_CHR;
	closedir(d);
	return found;
}

int main(void)
{
	char name[64], link[64], proc[64], again[80];
	struct stat st, st2;
	long n;
	int nr;

	tty_new();
	ioctl(master, TIOCGPTN, &nr);
	snprintf(name, sizeof(name), "/dev/pts/%d", nr);
	SHOW(stat(name, &st));
	SHOW(fstat(slave, &st2));
	printf("same %d ino %d uid %d nlink %d size %ld\n", st.st_ino == st2.st_ino && st.st_dev == st2.st_dev,
		st.st_ino == (unsigned)nr + 3, st.st_uid, (int)st.st_nlink, (long)st.st_size);
	SHOW(fstat(master, &st2));
	printf("master %u:%u\n", major(st2.st_rdev), minor(st2.st_rdev));
	SHOW(chmod(name, 0622));
	SHOW(chown(name, 7, 8));
	SHOW(stat(name, &st));
	printf("%o %d %d\n", st.st_mode, st.st_uid, st.st_gid);
	SHOW(listed(name + 9));
	SHOW(listed("ptmx"));
	SHOW(unlink(name));
	SHOW(rename(name, "/dev/pts/other"));
	SHOW(link[0] = 0);
	snprintf(proc, sizeof(proc), "/proc/self/fd/%d", slave);
	n = readlink(proc, link, sizeof(link) - 1);
	link[n < 0 ? 0 : n] = 0;
	SHOW(!strcmp(link, name));
	SHOW(truncate(name, 0));
	close(master);
	master = -1;
	n = readlink(proc, link, sizeof(link) - 1);
	link[n < 0 ? 0 : n] = 0;
	snprintf(again, sizeof(again), "%s (deleted)", name);
	SHOW(!strcmp(link, again));
	SHOW(open(name, O_RDWR | O_NOCTTY));
	SHOW(open(proc, O_RDWR | O_NOCTTY));
	SHOW(fstat(slave, &st));
	SHOW(ttyname(slave) == NULL);
	return 0;
}
