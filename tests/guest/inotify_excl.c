/* IN_EXCL_UNLINK: what is done to an open file without a name, to the file's own watch and its directory's; changes of its attributes
 * are told all the same. Then what exec does to a file. */
#include <sys/wait.h>
#include <sys/xattr.h>

#include "inotify.h"

static void file_in_dir(int fd)
{
	char byte;
	int f = open("d/f", O_RDWR | O_CREAT, 0644);

	SHOW(inotify_add_watch(fd, "d", IN_ALL_EVENTS | IN_EXCL_UNLINK));
	SHOW(inotify_add_watch(fd, "d/f", IN_ALL_EVENTS | IN_EXCL_UNLINK));
	SHOW(write(f, "ab", 2));
	events(fd, "written");
	SHOW(unlink("d/f"));
	events(fd, "unlinked");
	SHOW(write(f, "ab", 2));
	SHOW(pread(f, &byte, 1, 0));
	close(dup(f));
	events(fd, "written and read");
	SHOW(ftruncate(f, 100));
	events(fd, "cut");
	SHOW(fallocate(f, 0, 0, 200));
	events(fd, "longer");
	SHOW(fchmod(f, 0600));
	events(fd, "mode");
	SHOW(futimens(f, (struct timespec[2]) { { 1, 0 }, { 2, 0 } }));
	events(fd, "times");
	close(f);
	events(fd, "closed");
}

static void directory(int fd)
{
	int f;

	mkdir("d/sub", 0755);
	f = open("d/sub", O_RDONLY);
	SHOW(inotify_add_watch(fd, "d/sub", IN_ALL_EVENTS | IN_EXCL_UNLINK));
	events(fd, "made");
	SHOW(rmdir("d/sub"));
	events(fd, "removed");
	close(f);
	events(fd, "closed");
}

/* One of two names goes. */
static void names(int fd)
{
	int a = open("d/a", O_RDWR | O_CREAT, 0644), b;

	SHOW(link("d/a", "d/b"));
	b = open("d/b", O_RDWR);
	events(fd, "two names");
	SHOW(unlink("d/a"));
	SHOW(write(a, "x", 1));
	SHOW(write(b, "x", 1));
	events(fd, "written by both");
	close(a);
	close(b);
	events(fd, "closed");
}

static void program(int fd)
{
	static const char text[] = "#!/nowhere\n";
	int f = open("d/p", O_WRONLY | O_CREAT, 0755), status;

	SHOW(write(f, text, sizeof(text) - 1) == sizeof(text) - 1);
	close(f);
	events(fd, "program");
	SHOW(inotify_add_watch(fd, "d/p", IN_ALL_EVENTS));
	if (!fork()) {
		execl("d/p", "p", NULL);
		_exit(errno == ENOENT);
	}
	wait(&status);
	SHOW(WEXITSTATUS(status));
	events(fd, "executed");
}

int main(void)
{
	int fd = inotify_init1(IN_NONBLOCK);

	mkdir("d", 0755);
	file_in_dir(fd);
	directory(fd);
	names(fd);
	program(fd);
	return 0;
}
