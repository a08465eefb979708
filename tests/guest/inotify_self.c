/* What a watched file tells of itself, the life of a watch, IN_ONESHOT, IN_EXCL_UNLINK, masks that are added to. */
#include <sys/ioctl.h>

#include "inotify.h"

int main(void)
{
	int fd = inotify_init1(IN_NONBLOCK), f, n;
	char c;

	mkdir("d", 0755);
	close(open("f", O_CREAT | O_RDWR, 0644));
	SHOW(inotify_add_watch(fd, "f", IN_ALL_EVENTS));
	f = open("f", O_RDWR);
	SHOW(write(f, "x", 1));
	SHOW(pread(f, &c, 1, 0));
	close(f);
	events(fd, "open, write, read, close");
	SHOW(rename("f", "g"));
	events(fd, "rename");
	SHOW(link("g", "h"));
	SHOW(unlink("g"));
	events(fd, "link and unlink");
	f = open("h", O_RDONLY);
	SHOW(unlink("h"));
	events(fd, "unlink while it is open");
	close(f);
	events(fd, "close");
	/* the same watch again */
	close(open("f", O_CREAT | O_RDWR, 0644));
	SHOW(inotify_add_watch(fd, "f", IN_OPEN));
	SHOW(inotify_add_watch(fd, "f", IN_CLOSE));
	close(open("f", O_RDONLY));
	events(fd, "replaced");
	SHOW(inotify_add_watch(fd, "f", IN_OPEN | IN_MASK_ADD));
	close(open("f", O_RDONLY));
	events(fd, "added to");
	SHOW(inotify_add_watch(fd, "f", IN_OPEN | IN_MASK_CREATE));
	SHOW(inotify_rm_watch(fd, 2));
	close(open("f", O_RDONLY));
	events(fd, "removed");
	SHOW(inotify_rm_watch(fd, 2));
	SHOW(inotify_add_watch(fd, "f", IN_OPEN | IN_CLOSE | IN_ONESHOT));
	close(open("f", O_RDONLY));
	events(fd, "one shot");
	/* children without a name */
	SHOW(inotify_add_watch(fd, "d", IN_ALL_EVENTS));
	f = open("d/x", O_CREAT | O_RDWR, 0644);
	unlink("d/x");
	events(fd, "created and unlinked");
	SHOW(write(f, "x", 1));
	close(f);
	events(fd, "written after that");
	SHOW(inotify_add_watch(fd, "d", IN_ALL_EVENTS | IN_EXCL_UNLINK));
	f = open("d/x", O_CREAT | O_RDWR, 0644);
	unlink("d/x");
	events(fd, "created and unlinked");
	SHOW(write(f, "x", 1));
	close(f);
	events(fd, "written after that, with IN_EXCL_UNLINK");
	/* parent and child both watched */
	close(open("d/y", O_CREAT | O_RDWR, 0644));
	SHOW(inotify_add_watch(fd, "d/y", IN_ALL_EVENTS));
	events(fd, "created");
	f = open("d/y", O_RDONLY);
	SHOW(ioctl(fd, FIONREAD, &n));
	SHOW(n);
	events(fd, "both");
	close(f);
	SHOW(unlink("d/y"));
	events(fd, "close and unlink");
	SHOW(rmdir("d"));
	events(fd, "rmdir");
	SHOW(inotify_add_watch(fd, "f", IN_DELETE_SELF));
	SHOW(rename("f", "k"));
	close(open("f", O_CREAT | O_RDWR, 0644));
	SHOW(rename("f", "k"));
	events(fd, "renamed over");
	return 0;
}
